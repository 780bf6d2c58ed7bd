"""What a PDF must be before it may become a document of a letter.

A document is kept for decades and shown by readers we do not choose. So it must be whole, open
without a password, do nothing by itself, bring no second file along, and hold no My Number.
Whatever two readers could understand differently is refused: bytes before the header or after the
end, tables that do not fit the content, a page tree that counts differently twice.

Refused as active: scripts, XFA forms, starting programs, going to other files, sending or reading
form data, sound, film, 3D, PostScript, attachments, streams kept outside the file, and links whose
scheme is not one of `LINK_SCHEMES`. They are looked for in every object of the file, reachable or
not, so it does not matter where one hides. Signatures, plain forms, jumps, layers and printing
stay allowed.

These functions parse hostile bytes in native code: call them in a limited process.
Source: ISO 32000-2 §7.5; ISO 32000-2 §12.6.4; ISO 32000-2 §12.5.6.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import pikepdf
import pypdfium2

from mypost.kernel.codes import contains_my_number
from mypost.kernel.errors import KernelError

LINK_SCHEMES = frozenset({"http", "https", "mailto", "tel"})

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one document may be: bytes as received, pages, characters of text on all pages."""

    size: int = 20 * 1024 * 1024
    pages: int = 2_000
    characters: int = 10_000_000


DEFAULT_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Examination:
    """The verdict on one document.

    code: None when the document is good, else a code of refusal of the sender API.
    pages: the page count of a good document, None for a refused one.
    detail: one English sentence for the sender, fit for translation; never the document's words.
    """

    code: str | None
    pages: int | None
    detail: str


class Finding(Enum):
    """Every reason to refuse a document: its code, and the sentence that the sender reads."""

    EMPTY = ("document_invalid", "The file is empty.")
    NOT_A_PDF = ("document_invalid", "The file is not a PDF: it does not begin as one.")
    CUT_OFF = (
        "document_invalid",
        "The file does not end as a PDF ends: it was cut off, or something was added to it.",
    )
    UNREADABLE = ("document_invalid", "The file cannot be read as a PDF.")
    DAMAGED = (
        "document_invalid",
        "The file is damaged: readers would have to guess at parts of it. Please make it anew.",
    )
    NO_PAGES = ("document_invalid", "The document has no pages.")
    TOO_MANY_PAGES = ("document_invalid", "The document has more pages than allowed.")
    TOO_MUCH_TEXT = ("document_invalid", "The document has more text than can be examined.")
    TOO_SLOW = ("document_invalid", "The document takes too long to read.")
    TOO_HEAVY = ("document_invalid", "The document takes too much memory to read.")
    BREAKS_READERS = ("document_invalid", "The document makes the program that reads it fail.")
    TOO_LARGE = ("document_too_large", "The file is larger than allowed.")
    ENCRYPTED = ("document_encrypted", "The document is encrypted or asks for a password.")
    SCRIPT = ("document_active_content", "The document contains a script.")
    DYNAMIC_FORM = ("document_active_content", "The document contains an XFA form.")
    STARTS_PROGRAM = ("document_active_content", "The document wants to start a program.")
    OTHER_FILE = ("document_active_content", "The document refers to content in another file.")
    FORM_DATA = ("document_active_content", "The document sends or reads form data by itself.")
    MEDIA = ("document_active_content", "The document contains sound, film or a 3D scene.")
    POSTSCRIPT = ("document_active_content", "The document contains a PostScript program.")
    ATTACHMENT = ("document_active_content", "The document has another file attached to it.")
    LINK = (
        "document_active_content",
        "The document has a link that is not to a web page, a mail address or a telephone.",
    )
    MY_NUMBER = ("contains_my_number", "The document contains a My Number.")

    @property
    def examination(self) -> Examination:
        """The verdict that refuses a document for this reason."""
        code, detail = self.value
        return Examination(code=code, pages=None, detail=detail)


class _Refused(KernelError):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def examine(data: bytes, *, limits: Limits = DEFAULT_LIMITS) -> Examination:
    """Decide whether the bytes are a document that may be delivered.

    1. The outside: size, header at the first byte, end marker at the last.
    2. The structure opens without repair and without a password.
    3. It has pages, and not too many.
    4. Nothing in any object acts, embeds or reaches out.
    5. Nothing in it is damaged; every object and packed stream was read for this.
    6. No My Number stands in form fields, notes, bookmarks and the document's title.
    7. A second reader finds the same pages, and no My Number in their text. Text drawn as
       pictures or curves is not read; past `limits.characters` the document is refused, because
       what cannot be examined cannot be promised.
    Never raises for what a document contains, except MemoryError.
    """
    try:
        _look_at_the_outside(data, limits)  # 1
        pages = _examine_structure(data, limits)  # 2 to 6
        _examine_text(data, pages, limits)  # 7
    except _Refused as refusal:
        return refusal.finding.examination
    except (pikepdf.PikepdfError, pypdfium2.PdfiumError, ValueError, RuntimeError) as error:
        if "bad_alloc" in str(error):  # qpdf tells it as any other trouble with a stream
            raise MemoryError from error
        return Finding.UNREADABLE.examination
    return Examination(code=None, pages=pages, detail="")


# 1 · the outside

_HEADER = re.compile(rb"%PDF-[12]\.\d")
_END = re.compile(rb"startxref\s+\d+\s+%%EOF[\s\x00]*\Z")  # scanners fill up the last block
_END_SIZE = 1024  # bytes from the end in which readers look for it


def _look_at_the_outside(data: bytes, limits: Limits) -> None:
    if not data:
        raise _Refused(Finding.EMPTY)
    if len(data) > limits.size:
        raise _Refused(Finding.TOO_LARGE)
    # Readers accept a header somewhere in the first 1,024 bytes and an end somewhere in the last:
    # room enough to be a web page or an archive at the same time.
    if not _HEADER.match(data):
        raise _Refused(Finding.NOT_A_PDF)
    if not _END.search(data[-_END_SIZE:]):
        raise _Refused(Finding.CUT_OFF)


# 2 to 6 · the structure


def _examine_structure(data: bytes, limits: Limits) -> int:
    with _open_unaided(data) as pdf:
        objects = _read_objects(pdf)
        pages = _count_pages(objects, limits)  # 3
        _refuse_activity(objects)  # 4
        _unpack_streams(pdf)
        if pdf.get_warnings():  # 5
            raise _Refused(Finding.DAMAGED)
        _refuse_my_number(_words_in(objects))  # 6
    return pages


def _open_unaided(data: bytes) -> pikepdf.Pdf:
    try:
        # Repair would search the file for lost objects, and each reader finds others.
        pdf = pikepdf.open(
            io.BytesIO(data),
            attempt_recovery=False,
            inherit_page_attributes=False,
            conversion_mode="explicit",
        )
    except pikepdf.PasswordError:
        raise _Refused(Finding.ENCRYPTED) from None
    except pikepdf.PdfError as error:
        # A handler that the reader does not know (certificates, new revisions) has no own type.
        encrypted = "encryption" in str(error)
        raise _Refused(Finding.ENCRYPTED if encrypted else Finding.UNREADABLE) from None
    if pdf.is_encrypted:  # opens without a password, but only by the reader's courtesy
        raise _Refused(Finding.ENCRYPTED)
    return pdf


_TRAILER = "trailer"


def _read_objects(pdf: pikepdf.Pdf) -> dict[str, Json]:
    """Return every object of the file by its reference, such as "12 0 R", and the trailer.

    As qpdf's JSON: names as "/Name" with their escapes undone, text as "u:…", other bytes as
    "b:<hex>", references as "12 0 R". Of a stream only its dictionary.
    """
    objects = {_TRAILER: json.loads(pdf.trailer.to_json(dereference=True))}
    for found in pdf.objects:
        if found is None:  # the null object stands for whatever is free or could not be read
            continue
        content = found.stream_dict if isinstance(found, pikepdf.Stream) else found
        number, generation = found.objgen
        objects[f"{number} {generation} R"] = json.loads(content.to_json(dereference=True))
    return objects


def _count_pages(objects: dict[str, Json], limits: Limits) -> int:
    pages = _count_leaves(_page_tree(objects), objects)
    if pages == 0:
        raise _Refused(Finding.NO_PAGES)
    if pages > limits.pages:
        raise _Refused(Finding.TOO_MANY_PAGES)
    return pages


def _page_tree(objects: dict[str, Json]) -> Json:
    trailer = objects[_TRAILER]
    catalogue = _resolve(trailer.get("/Root"), objects) if isinstance(trailer, dict) else None
    return catalogue.get("/Pages") if isinstance(catalogue, dict) else None


def _count_leaves(tree: Json, objects: dict[str, Json]) -> int:
    """Count the pages under one node. Readers mend loops and holes, each in its own way; not we."""
    waiting, met, leaves = [tree], set[str](), 0
    while waiting:
        reference = waiting.pop()
        node = objects.get(reference) if isinstance(reference, str) else None
        if not isinstance(node, dict) or reference in met:
            raise _Refused(Finding.DAMAGED)
        met.add(str(reference))
        kids = _resolve(node.get("/Kids"), objects)
        if isinstance(kids, list):
            waiting.extend(kids)
        else:
            leaves += 1
    return leaves


# Filters that qpdf undoes itself; pictures' own formats are left to the reader of the letter.
_PACKINGS = frozenset({"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode"})


def _unpack_streams(pdf: pikepdf.Pdf) -> None:
    """Unpack what is packed. Raises PdfError, or leaves a warning in `pdf`, where that fails."""
    for found in pdf.objects:
        if isinstance(found, pikepdf.Stream) and _is_only_packed(found):
            found.get_stream_buffer()


def _is_only_packed(stream: pikepdf.Stream) -> bool:
    filters = stream.stream_dict.get("/Filter")
    if filters is None:
        return True
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters]
    return all(str(name) in _PACKINGS for name in names)


_ACTIONS = {
    "/JavaScript": Finding.SCRIPT,
    "/Rendition": Finding.MEDIA,
    "/RichMediaExecute": Finding.MEDIA,
    "/Sound": Finding.MEDIA,
    "/Movie": Finding.MEDIA,
    "/Launch": Finding.STARTS_PROGRAM,
    "/GoToE": Finding.ATTACHMENT,
    "/GoToR": Finding.OTHER_FILE,  # opened by its network path it gives away the reader's login
    "/Thread": Finding.OTHER_FILE,
    "/SubmitForm": Finding.FORM_DATA,
    "/ImportData": Finding.FORM_DATA,
}
_SUBTYPES = {
    "/FileAttachment": Finding.ATTACHMENT,
    "/RichMedia": Finding.MEDIA,
    "/Screen": Finding.MEDIA,
    "/Sound": Finding.MEDIA,
    "/Movie": Finding.MEDIA,
    "/3D": Finding.MEDIA,
    "/PS": Finding.POSTSCRIPT,
}
_TYPES = {"/EmbeddedFile": Finding.ATTACHMENT}
_KEYS = {"/JS": Finding.SCRIPT, "/XFA": Finding.DYNAMIC_FORM}
_FILE_NAMES = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})


def _refuse_activity(objects: dict[str, Json]) -> None:
    for dictionary in _dictionaries(objects.values()):
        # A name may itself lie in an object of its own.
        entries = {key: _resolve(value, objects) for key, value in dictionary.items()}
        if finding := _activity_of(entries):
            raise _Refused(finding)


def _activity_of(entries: dict[str, Json]) -> Finding | None:
    """Return what this dictionary would do, whatever place it holds in the file."""
    for key, forbidden in (("/S", _ACTIONS), ("/Subtype", _SUBTYPES), ("/Type", _TYPES)):
        value = entries.get(key)
        if isinstance(value, str) and value in forbidden:
            return forbidden[value]
    for key, finding in _KEYS.items():
        if key in entries:
            return finding
    if _holds_a_file(entries):
        return Finding.ATTACHMENT
    if "/Length" in entries and "/F" in entries:  # a stream whose bytes lie outside
        return Finding.OTHER_FILE
    return None if _is_plain_link(entries.get("/URI")) else Finding.LINK


def _holds_a_file(entries: dict[str, Json]) -> bool:
    embedded = entries.get("/EF")
    return isinstance(embedded, dict) and not _FILE_NAMES.isdisjoint(embedded)


_INVISIBLE = re.compile(r"[\x00-\x20\x7f]+")  # browsers drop them: "java script:" still runs
_SCHEME = re.compile(r"([a-z][a-z0-9+.\-]*):", re.IGNORECASE)


def _is_plain_link(uri: Json) -> bool:
    if not isinstance(uri, str) or not uri.startswith(("u:", "b:")):
        return True  # no link at all, or the catalogue's dictionary of link settings
    address = _INVISIBLE.sub("", _text_of(uri))
    scheme = _SCHEME.match(address)
    if scheme is None:
        return not address.startswith("\\")  # a network path
    return scheme[1].lower() in LINK_SCHEMES


# 6 and 7 · words

_READ_BY_PEOPLE = frozenset(
    {"/V", "/DV", "/RC", "/Contents", "/Title", "/Subject", "/Keywords", "/ActualText", "/Alt"}
)


def _words_in(objects: dict[str, Json]) -> Iterator[str]:
    for dictionary in _dictionaries(objects.values()):
        for key in _READ_BY_PEOPLE.intersection(dictionary):
            value = _resolve(dictionary[key], objects)
            if isinstance(value, str) and value.startswith(("u:", "b:")):
                yield _text_of(value)


def _refuse_my_number(words: Iterable[str]) -> None:
    if any(map(contains_my_number, words)):
        raise _Refused(Finding.MY_NUMBER)


def _examine_text(data: bytes, pages: int, limits: Limits) -> None:
    with closing(pypdfium2.PdfDocument(data)) as document:
        if len(document) != pages:
            raise _Refused(Finding.DAMAGED)
        _refuse_my_number(_page_texts(document, limits))


def _page_texts(document: pypdfium2.PdfDocument, limits: Limits) -> Iterator[str]:
    left = limits.characters
    for page in document:
        with closing(page), closing(page.get_textpage()) as text:
            left -= text.count_chars()
            if left < 0:
                raise _Refused(Finding.TOO_MUCH_TEXT)
            yield text.get_text_range()


# qpdf's JSON


def _dictionaries(values: Iterable[Json]) -> Iterator[dict[str, Json]]:
    """Yield every dictionary in the values, however deep, without following references."""
    waiting = list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)


def _resolve(value: Json, objects: dict[str, Json]) -> Json:
    return objects.get(value, value) if isinstance(value, str) else value


def _text_of(string: str) -> str:
    kind, content = string[:2], string[2:]
    return content if kind == "u:" else bytes.fromhex(content).decode("latin-1")
