"""kill -9 while REST, gRPC and the inbox write the same 1,000 ids, again and again.

Usage: scenario.py EDDY [ROUNDS [SEED [FLOW_SECONDS]]], where EDDY is the launcher. Needs qdrant-client and kafka-python. After every kill
the state must equal a sequential replay of the log by oracle.py, versions included; every acknowledged write must be in
the log, whatever the collection's graph, codes and payload indexes are changed to meanwhile; every inbox record must have taken effect once or be one dead letter; within 10 s (FLOW_SECONDS) of ready the inbox
must flow and collections must be created. Ends with exit code 0 and a summary line that begins with "kill-nine ok".
"""

import http.client
import json
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import grpc
from kafka import KafkaConsumer, KafkaProducer, TopicPartition
from kafka.errors import KafkaError
from qdrant_client import grpc as qdrant

from oracle import Oracle

COLLECTION = "crash"
LOG = f"eddy.{COLLECTION}.g1.log"
INBOX = "eddy.points"
DEAD_LETTERS = "eddy.points.dlq"
IDS = 1000
DIMENSION = 4
# So many that each has 47 ms for a write: a process that was started a moment ago takes its time.
API_WRITERS = [f"{way}-{each}" for way in ("rest", "grpc") for each in range(16)]
# Writes per second, together 1,020, and one change of the collection's settings or indexes.
WRITERS = {**dict.fromkeys(API_WRITERS, 21.25), "inbox": 340, "changes": 1}
READY_SECONDS = 180
SETTLE_SECONDS = 60


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def single(values):
    """As float32 keeps them."""
    return struct.unpack(f"<{len(values)}f", struct.pack(f"<{len(values)}f", *values))


class Eddy:
    """The one JVM."""

    def __init__(self, launcher, folder):
        self.launcher, self.folder = launcher, folder
        self.rest, self.grpc, self.kafka = free_ports(3)
        self.process = None

    def start(self):
        before = time.monotonic()
        output = open(self.folder / "output.txt", "a+b")
        output.seek(0, 2)
        beginning = output.tell()
        command = [self.launcher, "start", "--data", str(self.folder / "data"), "--memory", "1g"]
        for option, port in (("rest", self.rest), ("grpc", self.grpc), ("kafka", self.kafka)):
            command += [f"--{option}-port", str(port)]
        self.process = subprocess.Popen(command, stdout=output, stderr=output)
        while time.monotonic() - before < READY_SECONDS:
            output.seek(beginning)
            said = output.read().decode(errors="replace")
            if " ready in " in said:
                output.close()
                return time.monotonic() - before
            assert self.process.poll() is None, f"ended with {self.process.returncode}: {said}"
            time.sleep(0.05)
        raise AssertionError(f"not ready after {READY_SECONDS} s: {said}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(60) in (0, 143), self.process.returncode
        log = (self.folder / "data" / "logs" / "eddy.log").read_text(errors="replace")
        assert "event=index-node-closing" in log, "what happened after SIGTERM is not in the log file"

    def call(self, method, path, body=None, connection=None):
        own = connection or http.client.HTTPConnection("127.0.0.1", self.rest, timeout=30)
        try:
            text = None if body is None else json.dumps(body)
            own.request(method, path, text, {"Content-Type": "application/json"})
            answer = own.getresponse()
            return answer.status, answer.read().decode()
        finally:
            if connection is None:
                own.close()

    def ask(self, method, path, body=None):
        status, text = self.call(method, path, body)
        assert status == 200, f"{method} {path}: {status} {text}"
        return json.loads(text)["result"]

    def bootstrap(self):
        return f"127.0.0.1:{self.kafka}"

    def producer(self):
        return KafkaProducer(
            bootstrap_servers=self.bootstrap(),
            acks="all",
            linger_ms=2,
            max_block_ms=30000,
            request_timeout_ms=30000,
            delivery_timeout_ms=31000,
        )


def abandon(producer):
    """Its broker is gone; what it has not delivered must not reach the next one."""
    producer._sender.force_close()
    producer._sender.join(10)
    try:
        producer.close(timeout=0)
    except KafkaError as e:
        print(f"producer closed: {e}", flush=True)
    producer._closed = True


class Writing:
    """What the writers of all rounds have sent, and what of it was acknowledged."""

    def __init__(self, seed):
        self.seed = seed
        self.round = 0
        self.sequence = dict.fromkeys(WRITERS, 0)
        self.acknowledged = []  # (offset, [id], (writer, sequence) or None for a delete)
        self.produced = []  # (partition, offset, sequence)
        self.changed = 0
        self.seconds = 0.0
        self.wrong = []

    def sent(self):
        return sum(self.sequence.values())

    def rate(self):
        return self.sent() / self.seconds

    def run(self, eddy, seconds):
        """Writes until the process, killed after so many seconds, is gone."""
        self.round += 1
        gone = threading.Event()
        threads = [threading.Thread(target=self._writer, args=(eddy, name, gone), daemon=True) for name in WRITERS]
        for each in threads:
            each.start()
        time.sleep(seconds)
        eddy.kill()
        self.seconds += seconds
        gone.set()
        for each in threads:
            each.join(60)
            assert not each.is_alive(), "a writer hangs"
        assert not self.wrong, self.wrong[:3]

    def _writer(self, eddy, name, gone):
        generator = random.Random(f"{self.seed}/{self.round}/{name}")
        ways = {"rest": self._rest, "grpc": self._grpc, "inbo": self._inbox, "chan": self._changes}
        write, close = ways[name[:4]](eddy, name)
        following = time.monotonic()
        try:
            while not gone.is_set():
                self.sequence[name] += 1
                write(generator, self.sequence[name])
                following = max(following + 1 / WRITERS[name], time.monotonic() - 0.2)
                time.sleep(max(0.0, following - time.monotonic()))
        except AssertionError as e:
            self.wrong.append(f"{name}: {e}")
        except Exception as e:  # whatever a client makes of a server that is gone
            deadline = time.monotonic() + 3
            while eddy.process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            if eddy.process.poll() is None:
                self.wrong.append(f"{name}: {type(e).__name__} {e} while the server was alive")
        finally:
            close()

    def _rest(self, eddy, name):
        connection = http.client.HTTPConnection("127.0.0.1", eddy.rest, timeout=30)

        def call(method, path, body, wait):
            path = f"/collections/{COLLECTION}/points{path}?wait={'true' if wait else 'false'}"
            status, text = eddy.call(method, path, body, connection)
            assert status == 200, f"{method} {path}: {status} {text}"
            return json.loads(text)["result"]["operation_id"]

        def write(generator, sequence):
            kind, ids, wait = self._choose(generator)
            if kind == "delete":
                offset = call("POST", "/delete", {"points": ids}, wait)
                self.acknowledged.append((offset, ids, None))
            elif kind == "touch":
                body = {"payload": {"toucher": name, "touch": sequence}, "points": ids}
                self.acknowledged.append((call("POST", "/payload", body, False), ids, (name, sequence)))
            else:
                points = [
                    {"id": i, "vector": self._vector(generator), "payload": {"writer": name, "seq": sequence}}
                    for i in ids
                ]
                self.acknowledged.append((call("PUT", "", {"points": points}, wait), ids, (name, sequence)))

        return write, connection.close

    def _grpc(self, eddy, name):
        # The generated stub: the client above it takes so much of the writers' one processor that they fall behind.
        channel = grpc.insecure_channel(f"127.0.0.1:{eddy.grpc}")
        stub = qdrant.PointsStub(channel)

        def marked(writer, number, sequence):
            return {writer: qdrant.Value(string_value=name), number: qdrant.Value(integer_value=sequence)}

        def write(generator, sequence):
            kind, ids, wait = self._choose(generator)
            mark = (name, sequence)
            chosen = [qdrant.PointId(num=i) for i in ids]
            selector = qdrant.PointsSelector(points=qdrant.PointsIdsList(ids=chosen))
            if kind == "delete":
                request = qdrant.DeletePoints(collection_name=COLLECTION, points=selector, wait=wait)
                done = stub.Delete(request, timeout=30)
                mark = None
            elif kind == "touch":
                touch = marked("toucher", "touch", sequence)
                request = qdrant.SetPayloadPoints(
                    collection_name=COLLECTION, payload=touch, points_selector=selector, wait=False
                )
                done = stub.SetPayload(request, timeout=30)
            else:
                points = [
                    qdrant.PointStruct(id=i, vectors=self._vectors(generator), payload=marked("writer", "seq", sequence))
                    for i in chosen
                ]
                request = qdrant.UpsertPoints(collection_name=COLLECTION, points=points, wait=wait)
                done = stub.Upsert(request, timeout=30)
            self.acknowledged.append((done.result.operation_id, ids, mark))

        return write, channel.close

    def _vectors(self, generator):
        dense = qdrant.DenseVector(data=self._vector(generator))
        return qdrant.Vectors(vector=qdrant.Vector(dense=dense))

    def _inbox(self, eddy, name):
        producer = eddy.producer()

        def write(generator, sequence):
            number = generator.randrange(IDS)
            key, value, headers = str(number).encode(), envelope(number, self._vector(generator), name, sequence), []
            chance = generator.random()
            if chance < 0.02:
                value = broken(generator, number, sequence)
            elif chance < 0.10:
                value, headers = None, [("eddy-collection", COLLECTION.encode())]
            producer.send(INBOX, key=key, value=value, headers=headers).add_callback(
                lambda there: self.produced.append((there.partition, there.offset))
            )

        return write, lambda: abandon(producer)

    def _changes(self, eddy, name):
        connection = http.client.HTTPConnection("127.0.0.1", eddy.rest, timeout=30)

        def write(generator, sequence):
            method, path, body = change(generator)
            status, text = eddy.call(method, f"/collections/{COLLECTION}{path}", body, connection)
            # Who decides may not be there yet; that a change is no good is never true.
            assert status == 200 or status >= 500, f"{method} {path} {body}: {status} {text}"
            self.changed += status == 200

        return write, connection.close

    @staticmethod
    def _choose(generator):
        chance = generator.random()
        wait = generator.random() < 0.1
        if chance < 0.08:
            return "delete", [generator.randrange(IDS)], wait
        if chance < 0.16:
            return "touch", [generator.randrange(IDS)], wait
        return "upsert", generator.sample(range(IDS), generator.choice((1, 1, 1, 2, 3))), wait

    @staticmethod
    def _vector(generator):
        return [generator.uniform(-1, 1) for _ in range(DIMENSION)]


def change(generator):
    """Method, path below the collection and body of a change that no point may show."""
    field = generator.choice(("seq", "writer"))
    patches = (
        {"hnsw_config": {"m": generator.randint(4, 16), "ef_construct": generator.randint(16, 64)}},
        {"optimizers_config": {"indexing_threshold": generator.choice((10, 10000))}},
        {"quantization_config": {"scalar": {"type": "int8", "always_ram": generator.random() < 0.5}}},
        {"quantization_config": {"binary": {}}},
        {"quantization_config": "Disabled"},
        {"vectors": {"": {"on_disk": generator.random() < 0.5}}},
    )
    chance = generator.random()
    if chance < 0.25:
        return "DELETE", f"/index/{field}", None
    if chance < 0.6:
        schema = {"type": "integer" if field == "seq" else "keyword", "on_disk": generator.random() < 0.5}
        return "PUT", "/index", {"field_name": field, "field_schema": schema}
    return "PATCH", "", generator.choice(patches)


def envelope(number, vector, writer, sequence):
    payload = {"writer": writer, "seq": sequence}
    return json.dumps(
        {"collection_name": COLLECTION, "id": number, "vector": vector, "payload": payload}
    ).encode()


def broken(generator, number, sequence):
    """A value that must become a dead letter; each carries the word "broken"."""
    good = {"collection_name": COLLECTION, "id": number, "vector": [0.0] * DIMENSION, "payload": {"broken": sequence}}
    return generator.choice(
        (
            b"broken {",
            json.dumps({**good, "vector": [1.0]}).encode(),
            json.dumps({**good, "collection_name": "broken"}).encode(),
            json.dumps({**good, "id": number + 1}).encode(),
            json.dumps({**good, "surprise": 1}).encode(),
            json.dumps({**good, "vector": [1e300] * DIMENSION}).encode(),
        )
    )


class Topics:
    """Reads the three topics on from where it was, over all incarnations of the broker."""

    def __init__(self):
        self.positions = {}
        self.oracle = Oracle()
        self.inbox = {}  # (partition, offset) -> (key, value)
        self.letters = {}  # (partition, offset) -> (key, value)

    def read(self, eddy):
        consumer = KafkaConsumer(
            bootstrap_servers=eddy.bootstrap(),
            group_id=None,
            enable_auto_commit=False,
            isolation_level="read_committed",
            auto_offset_reset="none",
        )
        try:
            partitions = [
                TopicPartition(topic, each)
                for topic in (LOG, INBOX, DEAD_LETTERS)
                for each in sorted(consumer.partitions_for_topic(topic))
            ]
            consumer.assign(partitions)
            ends = consumer.end_offsets(partitions)
            for each in partitions:
                consumer.seek(each, self.positions.get(each, 0))
            deadline = time.monotonic() + SETTLE_SECONDS
            while any(consumer.position(each) < ends[each] for each in partitions):
                assert time.monotonic() < deadline, "the topics can't be read to their end"
                for partition, records in consumer.poll(timeout_ms=200, max_records=5000).items():
                    for record in records:
                        self._take(record)
            self.positions = {each: consumer.position(each) for each in partitions}
        finally:
            consumer.close()

    def _take(self, record):
        if record.topic == LOG:
            self.oracle.apply(record.partition, record.offset, record.value)
        elif record.topic == INBOX:
            self.inbox[record.partition, record.offset] = (record.key, record.value)
        else:
            headers = {name: value.decode() for name, value in record.headers if name.startswith("eddy-")}
            identity = int(headers["eddy-source-partition"]), int(headers["eddy-source-offset"])
            assert identity not in self.letters, f"two dead letters of {identity}"
            assert headers["eddy-error-code"] and headers["eddy-error-reason"], headers
            self.letters[identity] = (record.key, record.value)

    def bad(self):
        return {at for at, (_, value) in self.inbox.items() if value is not None and b"broken" in value}

    def settled(self):
        """Whether every inbox record had its effect."""
        return len(self.oracle.passed) + len(self.letters) >= len(self.inbox)

    def check(self):
        bad = self.bad()
        assert set(self.letters) == bad, (
            f"dead letters missing {sorted(bad - set(self.letters))[:5]}, unexpected {sorted(set(self.letters) - bad)[:5]}"
        )
        for at in bad:
            assert self.letters[at] == self.inbox[at], f"the dead letter of {at} was changed"
        good = set(self.inbox) - bad
        passed = set(self.oracle.passed)
        assert passed == good, f"inbox records lost {sorted(good - passed)[:5]}, invented {sorted(passed - good)[:5]}"
        assert len(self.oracle.topic_ids) <= 1, "more than one inbox"
        for at in good:
            key, value = self.inbox[at]
            if value is None:
                wanted = (int(key), None, None)
            else:
                sent = json.loads(value)
                wanted = (sent["id"], single(sent["vector"]), sent["payload"])
            assert self.oracle.passed[at] == wanted, f"{at} became {self.oracle.passed[at]}, sent {wanted}"


def check_acknowledged(writing, topics):
    """How many acknowledged writes are missing, each named."""
    oracle = topics.oracle
    missing = []
    for offset, ids, mark in writing.acknowledged:
        if mark is None:
            found = all((offset, number) in oracle.deletes for number in ids)
        else:
            placed = oracle.api.get(mark, [])
            found = sorted(n for _, n in placed) == sorted(ids) and max((o for o, _ in placed), default=-1) == offset
        newest = max(oracle.mentioned.get(number, -1) for number in ids)
        if not found or newest < offset:
            missing.append((offset, ids, mark))
    missing += [at for at in writing.produced if at not in topics.inbox]
    assert not missing, f"{len(missing)} acknowledged writes are missing or doubled: {missing[:5]}"


def check_state(eddy, oracle):
    body = {
        "query": [0.0] * DIMENSION,
        "limit": 4 * IDS,
        "params": {"exact": True},
        "with_payload": True,
        "with_vector": True,
    }
    found = eddy.ask("POST", f"/collections/{COLLECTION}/points/query?consistency=all", body)["points"]
    state = {p["id"]: (p["version"], single(p["vector"]), p["payload"]) for p in found}
    assert len(state) == len(found), "an id was found twice"
    wrong = [i for i in sorted(set(state) | set(oracle.points)) if state.get(i) != oracle.points.get(i)]
    assert not wrong, (
        f"{len(wrong)} points differ, the first: {wrong[0]} is {state.get(wrong[0])}, replay {oracle.points.get(wrong[0])}"
    )
    counted = eddy.ask("POST", f"/collections/{COLLECTION}/points/count", {"exact": True})["count"]
    assert counted == len(oracle.points), f"count says {counted}, replay {len(oracle.points)}"
    # By an index or without one.
    numbers = sorted((payload or {}).get("seq", -1) for _, _, payload in oracle.points.values())
    bound = numbers[len(numbers) // 2] if numbers else 0
    body = {"exact": True, "filter": {"must": [{"key": "seq", "range": {"gte": max(0, bound)}}]}}
    counted = eddy.ask("POST", f"/collections/{COLLECTION}/points/count", body)["count"]
    expected = sum(number >= max(0, bound) for number in numbers)
    assert counted == expected, f"count from {bound} on says {counted}, replay {expected}"


def check_repeats(eddy, oracle):
    """The counters of the shards, which live in their state, against the replay's."""
    status, text = eddy.call("GET", "/metrics")
    assert status == 200, text
    lines = [
        line.rsplit(" ", 1)[1]
        for line in text.splitlines()
        if line.startswith("eddy_index_ignored_repeats_total{") and f'"{oracle.collection}"' in line
    ]
    assert lines, "no counter of ignored repeats in /metrics"
    counted = sum(float(each) for each in lines)
    assert counted == oracle.ignored, f"ignored repeats: counter {counted}, replay {oracle.ignored}"


def check_flow(eddy, number, seconds):
    """The inbox and collection changes so soon after ready; how long both took."""
    ready = time.monotonic()
    producer = eddy.producer()
    probes = []
    for partition in sorted(producer.partitions_for(INBOX)):
        probes.append(IDS + 10 * number + partition)
        value = envelope(probes[-1], [0.0] * DIMENSION, "probe", number)
        producer.send(INBOX, key=str(probes[-1]).encode(), value=value, partition=partition).get(timeout=seconds)
    producer.close(timeout=5)
    created = created_after = None
    flows_after = None
    while created_after is None or flows_after is None:
        passed = time.monotonic() - ready
        assert passed < seconds, f"{seconds} s after ready: inbox {flows_after}, creation {created_after} {created}"
        if created_after is None:
            body = {"vectors": {"size": 4, "distance": "Dot"}}
            created = eddy.call("PUT", f"/collections/fresh-{number}", body)
            created_after = time.monotonic() - ready if created[0] == 200 else None
        if flows_after is None:
            status, text = eddy.call("POST", f"/collections/{COLLECTION}/points", {"ids": probes})
            if status == 200 and len(json.loads(text)["result"]) == len(probes):
                flows_after = time.monotonic() - ready
        time.sleep(0.02)
    eddy.ask("DELETE", f"/collections/fresh-{number}")
    return flows_after, created_after


def verify(eddy, writing, topics):
    deadline = time.monotonic() + SETTLE_SECONDS
    topics.read(eddy)
    while not topics.settled() and time.monotonic() < deadline:
        time.sleep(0.2)
        topics.read(eddy)
    topics.check()
    check_acknowledged(writing, topics)
    check_state(eddy, topics.oracle)
    check_repeats(eddy, topics.oracle)


def run(eddy, rounds, seed, flow_seconds):
    generator = random.Random(seed)
    writing, topics = Writing(seed), Topics()
    eddy.start()
    spec = {"vectors": {"size": DIMENSION, "distance": "Euclid"}, "shard_number": 2}
    eddy.ask("PUT", f"/collections/{COLLECTION}", spec)
    slowest = [0.0, 0.0, 0.0]
    for number in range(1, rounds + 1):
        if number % 4 == 2:
            # A clean stop leaves a checkpoint with the inbox's table, which the next recoveries begin from.
            eddy.stop()
            eddy.start()
        # Every other time it is killed while it still warms up, else when it keeps up with the writers.
        seconds = generator.uniform(1.5, 5.0) if number % 2 else generator.uniform(8.0, 15.0)
        before = writing.sent()
        writing.run(eddy, seconds)
        rate = (writing.sent() - before) / seconds
        ready = eddy.start()
        flow = check_flow(eddy, number, flow_seconds)
        verify(eddy, writing, topics)
        slowest = [max(a, b) for a, b in zip(slowest, (ready, *flow))]
        print(
            f"round {number}: ready in {ready:.1f} s, inbox after {flow[0]:.2f} s, creation after {flow[1]:.2f} s;"
            f" sent {writing.sent()} (at last {rate:.0f}/s), log {topics.oracle.records}, repeats {topics.oracle.ignored},"
            f" dead letters {len(topics.letters)}",
            flush=True,
        )
    eddy.stop()
    assert writing.changed, "no change of the collection succeeded"
    print(
        f"kill-nine ok: rounds {rounds}, seed {seed}, sent {writing.sent()} ({writing.rate():.0f}/s),"
        f" acknowledged {len(writing.acknowledged) + len(writing.produced)}, missing 0,"
        f" inbox records {len(topics.inbox)}, dead letters {len(topics.letters)}, points {len(topics.oracle.points)},"
        f" changes {writing.changed}, ignored repeats {topics.oracle.ignored}, broken chains {topics.oracle.broken},"
        f" slowest: ready {slowest[0]:.1f} s, inbox {slowest[1]:.2f} s, creation {slowest[2]:.2f} s"
    )


def main():
    launcher = str(Path(sys.argv[1]).resolve())
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 20
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.SystemRandom().randrange(1 << 32)
    flow_seconds = int(sys.argv[4]) if len(sys.argv) > 4 else 10
    print(f"seed {seed}", flush=True)
    folder = Path(tempfile.mkdtemp(prefix="eddy-kill-nine-"))
    eddy = Eddy(launcher, folder)
    passed = False
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the process it started goes, too
    try:
        run(eddy, rounds, seed, flow_seconds)
        passed = True
    finally:
        if eddy.process is not None and eddy.process.poll() is None:
            eddy.kill()
        if passed:
            shutil.rmtree(folder, ignore_errors=True)
        else:
            print(f"failed with seed {seed}; data and output kept in {folder}", flush=True)


if __name__ == "__main__":
    main()
