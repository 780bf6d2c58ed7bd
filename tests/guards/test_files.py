"""Who writes files: whatever must outlive a power failure goes through common/durable.py."""

import ast
from collections import defaultdict
from pathlib import Path

PRODUCT = Path(__file__).resolve().parents[2] / "mypost"

# The calls that write, and why they may. A file that must last: see tests/vault/test_power.py.
WRITERS = {
    "common/durable.py": {"mkdir", "open"},  # content and names, with fsync
    "vault/store.py": {"rename", "unlink"},  # the objects
    "entrypoints/cli/keys.py": {"link", "touch", "unlink"},  # the keys
    "entrypoints/cli/messages.py": {"open", "rename"},  # translations: compiled anew when missing
    "entrypoints/member_web/archive.py": {"open"},  # an archive that goes to the browser
    "intake/examiner.py": {"open"},  # a document in memory, and a pipe
}
CALLS = {
    "write_bytes", "write_text", "touch", "mkdir", "makedirs", "rename", "renames", "link",
    "symlink", "symlink_to", "hardlink_to", "unlink", "rmdir", "rmtree", "truncate", "copyfile",
    "copy2", "mkstemp", "mkdtemp", "NamedTemporaryFile", "TemporaryFile",
}  # fmt: skip


def written_by(node: ast.AST) -> str | None:
    """Return the name of a call that writes files, None for everything else."""
    if not isinstance(node, ast.Call):
        return None
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    modes = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    modes += [k.value.value for k in node.keywords if isinstance(k.value, ast.Constant)]  # type: ignore[misc]
    writes = name == "open" and any(set(str(mode)) <= set("wax+bt") for mode in modes if mode)
    is_os_replace = name == "replace" and ast.unparse(node.func) == "os.replace"
    return name if writes or is_os_replace or name in CALLS else None


def test_nobody_else_writes_files() -> None:
    found = defaultdict(set)
    for path in PRODUCT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if name := written_by(node):
                found[str(path.relative_to(PRODUCT))].add(name)
    assert found == WRITERS
