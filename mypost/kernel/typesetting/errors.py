"""What typesetting refuses, one sentence each."""

from ..errors import KernelError


class TemplateUnknown(KernelError):
    """There is no template of this name in the house."""

    code = "template_unknown"


class TypesettingFailed(KernelError):
    """The data lacks a field, or holds a character that no font of ours can show."""

    code = "typesetting_failed"
