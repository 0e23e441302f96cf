"""Declarations of payload fields: the client's schema and the oracle's, of the types that fit and of others that don't."""

import qdrant_edge as edge
from qdrant_client import models

SIMPLE = {kind: getattr(edge.PayloadSchemaType, kind.capitalize())
          for kind in ("keyword", "integer", "float", "bool", "datetime", "uuid", "geo")}
TOKENIZERS = {models.TokenizerType.WORD: edge.TokenizerType.Word, models.TokenizerType.WHITESPACE: edge.TokenizerType.Whitespace,
              models.TokenizerType.PREFIX: edge.TokenizerType.Prefix}
FITTING = {"size": "integer", "price": "float", "day": "datetime", "place": "geo", "city": "keyword", "parts": "keyword",
           "flag": "bool", "uid": "uuid"}
CHOICES = {
    "a": ["keyword", "integer", "bool", "float"], "n": ["integer", "float"], "d": ["datetime", "keyword"], "g": ["geo"],
    "o.p": ["keyword", "integer", "bool"], "arr[].x": ["keyword", "integer"], "arr[].n": ["float", "integer"], "n[]": ["float"],
    "o.q.r": ["keyword", "bool"], '"we.ird"': ["keyword", "integer"], "arr": ["keyword"], "o.list[].x": ["integer", "keyword"],
}


def text(rng):
    """A text field; words aren't stemmed and no word is stopped, for the lists in use are others, see docs/api.md."""
    tokenizer = rng.choice(list(TOKENIZERS))
    given = {
        "lowercase": rng.choice([None, True, False]), "min_token_len": rng.choice([None, 2]),
        "max_token_len": rng.choice([None, 4, 20]), "ascii_folding": rng.choice([None, True]),
        "phrase_matching": rng.random() < 0.6}
    return (models.TextIndexParams(type=models.TextIndexType.TEXT, tokenizer=tokenizer, **given),
            edge.TextIndexParams(tokenizer=TOKENIZERS[tokenizer], **given))


def integer(rng):
    """An integer field with one capability or both."""
    lookup, wide = rng.choice([(True, True), (True, False), (False, True)])
    return (models.IntegerIndexParams(type=models.IntegerIndexType.INTEGER, lookup=lookup, range=wide),
            edge.IntegerIndexParams(lookup=lookup, range=wide))


def field(rng, key):
    if key in ("t", "t[]", "words"):
        return text(rng)
    kind = rng.choice(CHOICES[key])
    if kind == "integer" and rng.random() < 0.4:
        return integer(rng)
    return kind, SIMPLE[kind]


def some(rng):
    """Declarations of some of the fields of random payloads, by key."""
    keys = [key for key in [*CHOICES, "t", "words"] if rng.random() < 0.6]
    return {key: field(rng, key) for key in keys}


def fitting():
    """Declarations of the fields that have one type each."""
    return {key: (kind, SIMPLE[kind]) for key, kind in FITTING.items()}
