"""A sequential replay of one collection's log, written without a line of Eddy's: decodes the records by hand and folds them.

Knows the kinds of record that the scenario causes; any other one stops it.
"""

import json
import struct
import uuid

KINDS = {2: "genesis", 3: "configure", 4: "upsert", 5: "inbox", 6: "delete", 9: "set_payload", 13: "noop"}


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """The fields of a protobuf message, as (number, value): an integer or bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        number, wire = tag >> 3, tag & 7
        if wire == 0:
            value, at = varint(data, at)
        elif wire == 1:
            value = struct.unpack_from("<Q", data, at)[0]
            at += 8
        elif wire == 2:
            length, at = varint(data, at)
            value = bytes(data[at : at + length])
            assert len(value) == length, "cut short"
            at += length
        else:
            raise AssertionError(f"wire type {wire}")
        yield number, value


def one(data):
    return dict(fields(data))


def vector_of(named):
    dense = one(named)[2]
    return struct.unpack(f"<{len(dense) // 4}f", dense)


def content(data):
    """Vector and payload of a point message."""
    vector, payload = None, {}
    for number, value in fields(data):
        if number == 3:
            vector = vector_of(value)
        elif number == 4 and value:
            payload = json.loads(value)
    return vector, payload


def selected(selection):
    ids = one(selection)[1]
    return [one(value)[1] for number, value in fields(ids) if number == 1]


class Oracle:
    """State of all partitions. Versions are offsets, so a point's partition matters only through its id's place."""

    def __init__(self):
        self.points = {}  # id -> (version, vector, payload)
        self.home = {}  # id -> partition
        self.mentioned = {}  # id -> offset of the last record about it
        self.api = {}  # (writer, sequence) -> [(offset, id)]
        self.deletes = set()  # (offset, id)
        self.last = {}  # (log partition, topic id, source partition) -> origin
        self.passed = {}  # (source partition, offset) -> (id, vector, payload) or (id, None, None)
        self.topic_ids = set()
        self.ignored = 0
        self.broken = 0
        self.records = 0
        self.collection = None

    def apply(self, partition, offset, value):
        self.records += 1
        format_and_kind = one(value)
        assert format_and_kind.pop(1) == 1, "format"
        ((number, body),) = format_and_kind.items()
        kind = KINDS[number]
        if kind == "genesis":
            self.collection = uuid.UUID(bytes=one(body)[1])
        elif kind == "upsert":
            for _, point in fields(body):
                vector, payload = content(point)
                number = one(point)[1]
                self.api.setdefault((payload["writer"], payload["seq"]), []).append((offset, number))
                self._put(partition, offset, number, vector, payload)
        elif kind == "delete":
            for number in selected(one(body)[1]):
                self.deletes.add((offset, number))
                self._remove(partition, offset, number)
        elif kind == "set_payload":
            parts = one(body)
            addition = json.loads(parts[2])
            for number in selected(parts[1]):
                self._mention(partition, offset, number)
                self.api.setdefault((addition["toucher"], addition["touch"]), []).append((offset, number))
                if number in self.points:
                    _, vector, payload = self.points[number]
                    self.points[number] = (offset, vector, {**payload, **addition})
        elif kind == "inbox":
            for _, change in fields(body):
                self._change(partition, offset, one(change))

    def _change(self, partition, offset, change):
        source, origin, before = change.get(2, 0), change.get(3, 0), change.get(4, -1)
        self.topic_ids.add(change[1])
        key = (partition, change[1], source)
        last = self.last.get(key, -1)
        if not before <= last < origin:
            if before > last:
                self.broken += 1
            else:
                self.ignored += 1
            return
        self.last[key] = origin
        assert (source, origin) not in self.passed, f"inbox record {source}/{origin} took effect twice"
        number = change[5]
        if 7 in change:
            vector, payload = content(change[7])
            self.passed[source, origin] = (number, vector, payload)
            self._put(partition, offset, number, vector, payload)
        else:
            self.passed[source, origin] = (number, None, None)
            self._remove(partition, offset, number)

    def _mention(self, partition, offset, number):
        assert self.home.setdefault(number, partition) == partition, f"point {number} moved to another shard"
        self.mentioned[number] = offset

    def _put(self, partition, offset, number, vector, payload):
        self._mention(partition, offset, number)
        self.points[number] = (offset, vector, payload)

    def _remove(self, partition, offset, number):
        self._mention(partition, offset, number)
        self.points.pop(number, None)
