"""The writes that are not the client's operations on points."""

from dataclasses import dataclass

from qdrant_client import models


@dataclass
class Declare:
    """A payload field; `ours` is the client's schema, `theirs` the oracle's."""

    key: str
    ours: object
    theirs: object


@dataclass
class Undeclare:
    key: str


@dataclass
class AddVector:
    name: str
    params: models.VectorParams


@dataclass
class DropVector:
    name: str
