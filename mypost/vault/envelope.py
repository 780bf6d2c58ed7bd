"""The shape of an envelope: everything of a letter that only its reader may see."""

import json
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from mypost.kernel.canonical import canonical_json


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a letter, and the key that opens it.

    size: bytes of the plaintext; sha256: its digest, 32 bytes; key: 32 bytes.
    """

    name: str
    media_type: str
    size: int
    pages: int
    sha256: bytes
    object_id: UUID
    key: bytes


@dataclass(frozen=True, slots=True)
class EnvelopeContent:
    """A letter's content. body: Markdown. reference: the sender's own."""

    subject: str
    body: str
    language: str
    reference: str
    documents: tuple[Document, ...] = ()

    def as_bytes(self) -> bytes:
        """Return canonical JSON, UTF-8 (RFC8785)."""
        documents = [
            {
                "name": document.name,
                "media_type": document.media_type,
                "size": document.size,
                "pages": document.pages,
                "sha256": document.sha256.hex(),
                "object": str(document.object_id),
                "key": document.key.hex(),
            }
            for document in self.documents
        ]
        return canonical_json(
            {
                "v": 1,
                "subject": self.subject,
                "body": self.body,
                "language": self.language,
                "reference": self.reference,
                "documents": documents,
            }
        )

    @classmethod
    def from_bytes(cls, plaintext: bytes) -> Self:
        """Read what as_bytes wrote."""
        content = json.loads(plaintext)
        documents = tuple(
            Document(
                name=document["name"],
                media_type=document["media_type"],
                size=document["size"],
                pages=document["pages"],
                sha256=bytes.fromhex(document["sha256"]),
                object_id=UUID(document["object"]),
                key=bytes.fromhex(document["key"]),
            )
            for document in content["documents"]
        )
        return cls(
            subject=content["subject"],
            body=content["body"],
            language=content["language"],
            reference=content["reference"],
            documents=documents,
        )
