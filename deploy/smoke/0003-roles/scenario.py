"""Every role as a process of its own; processes are killed and suspended under load.

Usage: scenario.py LAUNCHER POINTS SEED [PARTS [SECONDS]], parts being some of starts,index,controller (default: all). One broker,
two index nodes, two query nodes and the inbox pipeline on free ports and in a temporary folder (kept when something fails). Ends with exit code 0 and "roles ok" when

- bad starts end with one sentence and a non-zero exit code,
- with either index node killed under load no write or read fails, no answer is short or older than what was acknowledged,
  while graphs, codes and payload indexes are changed,
- the killed node rejoins, and replicas at equal positions have equal content hashes,
- collections can be changed within 10 s (SECONDS, for a machine that has other work) of the controller being killed or suspended, also in the middle of a drop, and a
  suspended one that goes on harms nothing,
- SIGTERM ends every role with exit code 0.
"""

import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from qdrant_client import QdrantClient, models

DIMENSION = 16
BATCH = 200
NAME = "roles"
SHARDS, REPLICAS = 4, 2
PATIENCE = 120
PARTS = ("starts", "index", "controller")
MEMORY = "640m"
SMALL = "-Xms64m -XX:+UseSerialGC"
JVM_WARNING = "WARNING: Using incubator modules"  # Java says it before Eddy runs.


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def told(output):
    return [line for line in output.splitlines() if not line.startswith(JVM_WARNING)]


def await_true(what, condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return
        time.sleep(0.1)
    raise AssertionError("not within %d s: %s" % (seconds, what))


class Role:
    """One process of the launcher; started again with the same arguments it is the same node."""

    def __init__(self, launcher, folder, name, arguments):
        self.launcher, self.name, self.arguments = launcher, name, arguments
        self.output = os.path.join(folder, name + ".out")
        self.process = None

    def start(self):
        environment = dict(os.environ)
        environment["EDDY_JAVA_OPTIONS"] = (environment.get("EDDY_JAVA_OPTIONS", "") + " " + SMALL).strip()
        with open(self.output, "w") as out:
            self.process = subprocess.Popen(
                [self.launcher, *self.arguments], stdout=out, stderr=subprocess.STDOUT, env=environment
            )
        return self

    def lines(self):
        with open(self.output) as out:
            return told(out.read())

    def ready(self):
        def is_ready():
            assert self.process.poll() is None, "%s ended: %s" % (self.name, self.lines())
            return any(" ready in " in line for line in self.lines())

        await_true(self.name + " is ready", is_ready)
        assert len(self.lines()) == 1, "one line when ready: %s" % self.lines()
        print("  " + self.lines()[0], flush=True)
        return self

    def signal(self, number):
        self.process.send_signal(number)
        if number == signal.SIGKILL:
            self.process.wait()

    def stop(self):
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(60)
        # A JVM that SIGTERM ends reports 128 + 15, however orderly it went.
        assert code in (0, 143), "%s ended with %d: %s" % (self.name, code, self.lines())
        assert len(self.lines()) == 1, "silent when stopped: %s" % self.lines()
        print("  %s stopped in %.1f s, exit code %d" % (self.name, time.monotonic() - started, code), flush=True)


class Query(Role):
    def __init__(self, launcher, folder, name, bootstrap):
        self.rest, self.grpc, self.peer = free_port(), free_port(), free_port()
        super().__init__(
            launcher,
            folder,
            name,
            ["query-node", "--kafka", bootstrap, "--data", os.path.join(folder, name), "--rest-port", str(self.rest),
             "--grpc-port", str(self.grpc), "--port", str(self.peer)],
        )

    def client(self, prefer_grpc=False, timeout=60):
        return QdrantClient(
            host="127.0.0.1", port=self.rest, grpc_port=self.grpc, prefer_grpc=prefer_grpc, timeout=timeout,
            check_compatibility=False,
        )

    def status(self):
        with urllib.request.urlopen("http://127.0.0.1:%d/eddy/status" % self.rest, timeout=15) as answer:
            return json.load(answer)

    def node_id(self):
        with open(os.path.join(self.arguments[self.arguments.index("--data") + 1], "node.txt")) as lines:
            return re.search(r"node-id=(\S+)", lines.read()).group(1)


def vector(i):
    generator = random.Random(i)
    return [generator.gauss(0, 1) for _ in range(DIMENSION)]


def change_once(client, generator):
    chance = generator.random()
    if chance < 0.2:
        client.delete_payload_index(NAME, "version")
    elif chance < 0.5:
        schema = models.IntegerIndexParams(type=models.IntegerIndexType.INTEGER, on_disk=generator.random() < 0.5)
        client.create_payload_index(NAME, "version", field_schema=schema)
    elif chance < 0.75:
        graph = models.HnswConfigDiff(
            m=generator.randint(4, 16), ef_construct=generator.randint(16, 64),
        )
        optimizers = models.OptimizersConfigDiff(indexing_threshold=generator.choice((10, 10000)))
        client.update_collection(NAME, hnsw_config=graph, optimizers_config=optimizers)
    else:
        codes = (
            models.ScalarQuantization(scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8)),
            models.BinaryQuantization(binary=models.BinaryQuantizationConfig()),
            models.Disabled.DISABLED,
        )
        client.update_collection(NAME, quantization_config=generator.choice(codes))


class Load:
    """Writers and readers; what they found wrong, and the longest that a call took."""

    def __init__(self, queries, points, seed):
        self.points, self.seed = points, seed
        self.wrong = []
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.versions = {}  # Point id to the last version acknowledged.
        self.longest = {"write": 0.0, "read": 0.0}
        self.calls = {"write": 0, "read": 0}
        self.threads = []
        for i, query in enumerate(queries):
            for prefer_grpc in (False, True):
                writer = i * 2 + int(prefer_grpc)
                self.threads.append(threading.Thread(target=self.write, args=(query.client(prefer_grpc), writer)))
                self.threads.append(threading.Thread(target=self.read, args=(query.client(prefer_grpc), writer)))
        self.changed, self.refused = 0, None
        self.threads.append(threading.Thread(target=self.change, args=(queries[-1].client(),)))

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()
        self.check()
        assert self.changed, "no change of the collection succeeded, last refusal %r" % self.refused
        print("  %d changes of the collection, last refusal %r" % (self.changed, self.refused), flush=True)

    def check(self):
        assert not self.wrong, "%d wrong answers, first: %s" % (len(self.wrong), self.wrong[:5])

    def timed(self, kind, call):
        started = time.monotonic()
        answer = call()
        took = time.monotonic() - started
        with self.lock:
            self.calls[kind] += 1
            self.longest[kind] = max(self.longest[kind], took)
        return answer

    def reset(self):
        with self.lock:
            self.longest = {"write": 0.0, "read": 0.0}

    def acknowledged(self):
        with self.lock:
            return len(self.versions)

    def complain(self, text):
        with self.lock:
            self.wrong.append("%s %s" % (time.strftime("%X"), text))

    def write(self, client, writer):
        generator = random.Random(self.seed * 100 + writer)
        mine = list(range(writer, self.points, 4))
        position, version = 0, 0
        while not self.stopping.is_set():
            version += 1
            if position < len(mine):
                ids = mine[position : position + BATCH]
                position += BATCH
            else:
                ids = generator.sample(mine, min(20, len(mine)))
                time.sleep(0.02)
            points = [models.PointStruct(id=i, vector=vector(i), payload={"version": version}) for i in ids]
            try:
                answer = self.timed("write", lambda: client.upsert(NAME, points=points, wait=True))
                if answer.status != models.UpdateStatus.COMPLETED:
                    self.complain("write of %d points was answered %s" % (len(ids), answer.status))
                with self.lock:
                    self.versions.update((i, version) for i in ids)
            except Exception as e:
                self.complain("write failed: %r" % e)
                time.sleep(0.5)

    def change(self, client):
        """Changes that no answer may show. One that is refused, for a node that is gone, is followed by another."""
        generator = random.Random(self.seed * 10000)
        while not self.stopping.wait(1):
            try:
                change_once(client, generator)
                self.changed += 1
            except Exception as e:
                self.refused = e

    def read(self, client, reader):
        generator = random.Random(self.seed * 1000 + reader)
        while not self.stopping.is_set():
            with self.lock:
                known = len(self.versions)
                first = next(iter(self.versions), None)
            if first is None:
                time.sleep(0.05)
                continue
            ids = [i for i in generator.sample(range(self.points), 50) if i in self.versions] or [first]
            with self.lock:
                floor = {i: self.versions[i] for i in ids}
            try:
                self.read_once(client, known, ids, floor)
            except Exception as e:
                self.complain("read failed: %r" % e)
                time.sleep(0.5)
            time.sleep(0.01)

    def read_once(self, client, known, ids, floor):
        count = self.timed("read", lambda: client.count(NAME, exact=True)).count
        if count < known:
            self.complain("count %d after %d were acknowledged" % (count, known))
        written = models.Filter(must=[models.FieldCondition(key="version", range=models.Range(gte=1))])
        count = self.timed("read", lambda: client.count(NAME, count_filter=written, exact=True)).count
        if count < known:
            self.complain("count %d with a filter after %d were acknowledged" % (count, known))
        found = {p.id: p.payload["version"] for p in self.timed("read", lambda: client.retrieve(NAME, ids))}
        for i, version in floor.items():
            if found.get(i, 0) < version:
                self.complain("point %d is at version %s after %d was acknowledged" % (i, found.get(i), version))
        target = ids[0]
        hits = self.timed(
            "read",
            lambda: client.query_points(
                NAME, query=vector(target), limit=10, search_params=models.SearchParams(exact=True)
            ),
        ).points
        if not hits or hits[0].id != target:
            self.complain("the nearest of point %d is %s" % (target, hits[:1]))
        if len(hits) < min(10, known):
            self.complain("%d hits of %d points" % (len(hits), known))


class Cluster:
    def __init__(self, launcher, folder):
        self.launcher, self.folder = launcher, folder
        port = free_port()
        self.bootstrap = "127.0.0.1:%d" % port
        self.kafka = Role(launcher, folder, "kafka", ["kafka", "--data", self.data("kafka"), "--kafka-port", str(port)])
        self.index = [
            Role(launcher, folder, name, ["index-node", "--kafka", self.bootstrap, "--data", self.data(name), "--memory",
                                          MEMORY, "--port", str(free_port())])
            for name in ("index-1", "index-2")
        ]
        self.query = [Query(launcher, folder, name, self.bootstrap) for name in ("query-1", "query-2")]
        self.ingest = Role(
            launcher, folder, "ingest", ["ingest", "--kafka", self.bootstrap, "--data", self.data("ingest")]
        )

    def data(self, name):
        return os.path.join(self.folder, name)

    def roles(self):
        return [*self.query, self.ingest, *self.index, self.kafka]

    def start(self):
        self.kafka.start().ready()
        rest = [role for role in self.roles() if role is not self.kafka]
        for role in rest:
            role.start()
        for role in rest:
            role.ready()

    def end(self):
        for role in self.roles():
            if role.process and role.process.poll() is None:
                role.process.send_signal(signal.SIGCONT)
                role.process.kill()
                role.process.wait()

    def leader(self):
        """The query node that decides, as any of them sees it."""
        for query in self.query:
            try:
                controller = query.status().get("controller")
            except OSError:
                continue
            for candidate in self.query:
                if controller and candidate.node_id() == controller["node"]:
                    return candidate
        raise AssertionError("nobody names a controller")


def replicas(status, name=NAME):
    collection = next(c for c in status["collections"] if c["name"] == name)
    return [shard["replicas"] for shard in collection["shards"]]


def are_all_read(query):
    shards = replicas(query.status())
    return len(shards) == SHARDS and all(
        len(shard) == REPLICAS and all(r["read_set"] == "READING" for r in shard) for shard in shards
    )


def bad_starts(cluster):
    wrong = []

    def refused(words, *arguments):
        run = subprocess.run([cluster.launcher, *arguments], capture_output=True, text=True, timeout=PATIENCE)
        lines = told(run.stdout + run.stderr)
        if run.returncode == 0 or len(lines) != 1 or words not in lines[0]:
            wrong.append((arguments, run.returncode, lines))
        print("  exit code %d: %s" % (run.returncode, " / ".join(lines)), flush=True)

    kafka = ["--kafka", cluster.bootstrap]
    taken = str(cluster.query[0].rest)
    refused(taken, "query-node", *kafka, "--data", cluster.data("bad-1"), "--rest-port", taken, "--grpc-port",
            str(free_port()), "--port", str(free_port()))
    taken = str(cluster.query[0].grpc)
    refused(taken, "query-node", *kafka, "--data", cluster.data("bad-2"), "--rest-port", str(free_port()), "--grpc-port",
            taken, "--port", str(free_port()))
    taken = str(cluster.query[0].peer)
    refused(taken, "query-node", *kafka, "--data", cluster.data("bad-3"), "--rest-port", str(free_port()), "--grpc-port",
            str(free_port()), "--port", taken)
    taken = cluster.index[0].arguments[-1]
    refused(taken, "index-node", *kafka, "--data", cluster.data("bad-4"), "--memory", MEMORY, "--port", taken)
    taken = cluster.kafka.arguments[-1]
    refused(taken, "kafka", "--data", cluster.data("bad-5"), "--kafka-port", taken)
    for role, name in (("kafka", "kafka"), ("index-node", "index-1"), ("query-node", "query-1"), ("ingest", "ingest")):
        more = ["--memory", MEMORY] if role == "index-node" else []
        more += ["--kafka-port", str(free_port())] if role == "kafka" else kafka
        refused("by another", role, *more, "--data", cluster.data(name))
    nobody = "127.0.0.1:%d" % free_port()
    for role in ("index-node", "query-node", "ingest"):
        more = ["--memory", MEMORY] if role == "index-node" else []
        refused(nobody, role, *more, "--kafka", nobody, "--data", cluster.data("bad-6"))
    assert not wrong, wrong


def kill_index_nodes(cluster, load):
    for role in cluster.index:
        load.reset()
        role.signal(signal.SIGKILL)
        killed = time.monotonic()
        await_true("somebody left the read set", lambda: not are_all_read(cluster.query[0]))
        left = time.monotonic() - killed
        time.sleep(5)
        print("  %s killed: out of the read set after %.1f s; longest write %.2f s, longest read %.2f s"
              % (role.name, left, load.longest["write"], load.longest["read"]), flush=True)
        load.check()
        load.reset()
        started = time.monotonic()
        role.start().ready()
        await_true("%s is read again" % role.name, lambda: all(are_all_read(q) for q in cluster.query))
        time.sleep(2)
        print("  %s read again after %.1f s; longest write %.2f s, longest read %.2f s"
              % (role.name, time.monotonic() - started - 2, load.longest["write"], load.longest["read"]), flush=True)
        load.check()


def compare_replicas(cluster, load):
    def are_equal():
        run = subprocess.run([cluster.launcher, "status", "--json", "--url", "http://127.0.0.1:%d" % cluster.query[1].rest],
                             capture_output=True, text=True, timeout=PATIENCE)
        assert run.returncode == 0, run.stderr
        shards = replicas(json.loads(run.stdout))
        settled = all(r["lag_records"] == 0 and r["position"] == shard[0]["position"] for shard in shards for r in shard)
        if not settled:
            return False
        for shard in shards:
            assert len({r["content_hash"] for r in shard}) == 1, "content differs: %s" % shard
            assert len({r["points"] for r in shard}) == 1, "points differ: %s" % shard
        assert sum(shard[0]["points"] for shard in shards) == len(load.versions), shards
        return True

    await_true("replicas are at equal positions", are_equal)
    print("  content hashes equal, %d points, %d writes and %d reads" % (len(load.versions), load.calls["write"],
                                                                       load.calls["read"]), flush=True)


def create(client, name):
    return client.create_collection(
        name, vectors_config=models.VectorParams(size=4, distance=models.Distance.DOT), shard_number=2,
        replication_factor=2,
    )


def change_soon(what, client, since, seconds):
    """A collection is created and dropped; every refusal is repeated, and the whole is timed."""
    name = "after-" + what
    last = None
    while time.monotonic() - since < 60:
        try:
            if not client.collection_exists(name):
                create(client, name)
            client.upsert(name, points=[models.PointStruct(id=1, vector=[1.0] * 4)], wait=True)
            client.delete_collection(name)
            took = time.monotonic() - since
            print("  %s: collections change again after %.1f s" % (what, took), flush=True)
            assert took < seconds, "%s took %.1f s, last refusal %r" % (what, took, last)
            return
        except AssertionError:
            raise
        except Exception as e:
            last = e
            time.sleep(0.1)
    raise AssertionError("%s: no change of collections in 60 s: %r" % (what, last))


def quietly(call, answers):
    try:
        answers.append(call())
    except Exception as e:
        print("  (the interrupted call: %s)" % str(e).strip().replace("\n", " ")[:120], flush=True)


def hurt_controller(cluster, generator, seconds):
    for number, is_dropping in ((signal.SIGKILL, False), (signal.SIGSTOP, False), (signal.SIGKILL, True),
                                (signal.SIGSTOP, True)):
        leader = cluster.leader()
        other = next(query for query in cluster.query if query is not leader)
        client = other.client(timeout=20)
        what = number.name.lower() + ("-in-a-drop" if is_dropping else "")
        victim = "victim-" + what
        create(client, victim)
        client.upsert(victim, points=[models.PointStruct(id=1, vector=[1.0] * 4)], wait=True)
        dropping, dropped = None, []
        if is_dropping:
            dropping = threading.Thread(
                target=quietly, args=(lambda: leader.client(timeout=60).delete_collection(victim), dropped)
            )
            dropping.start()
            time.sleep(generator.uniform(0.005, 0.06))
        leader.signal(number)
        since = time.monotonic()
        change_soon(what, client, since, seconds)
        if is_dropping:
            # Begun or not, the drop can be asked for again, and the name is free for a new collection.
            client.delete_collection(victim)
            create(client, victim)
            client.upsert(victim, points=[models.PointStruct(id=7, vector=[1.0] * 4)], wait=True)
        before = sorted(c.name for c in client.get_collections().collections)
        if number == signal.SIGSTOP:
            time.sleep(3)
            leader.signal(signal.SIGCONT)
        else:
            leader.start().ready()
        if dropping:
            dropping.join()
        resumed = leader.client(timeout=20)
        await_true("%s answers" % leader.name, lambda: is_answering(resumed))
        time.sleep(5)  # Long enough for the resumed one to do harm, if it would.
        for each in (client, resumed):
            found = sorted(c.name for c in each.get_collections().collections)
            # A drop that the suspended one had not even read is one that comes late.
            came_late = number == signal.SIGSTOP and dropped == [True] and victim not in found
            assert found == [name for name in before if name != victim or not came_late], (found, before, dropped)
            assert came_late or [p.id for p in each.retrieve(victim, [1, 7])] == [7 if is_dropping else 1]
        if dropping:
            print("  (the interrupted drop was answered %s)" % dropped, flush=True)
        change_soon(what + "-resumed", resumed, time.monotonic(), seconds)
        client.delete_collection(victim)
        assert cluster.leader() in cluster.query


def is_answering(client):
    try:
        client.get_collections()
        return True
    except Exception:
        return False


def walk(cluster, points, seed, parts, seconds):
    print("start", flush=True)
    cluster.start()
    if "starts" in parts:
        print("bad starts", flush=True)
        bad_starts(cluster)
    cluster.query[0].client().create_collection(
        NAME, vectors_config=models.VectorParams(size=DIMENSION, distance=models.Distance.EUCLID),
        shard_number=SHARDS, replication_factor=REPLICAS,
    )
    await_true("all replicas are read", lambda: all(are_all_read(query) for query in cluster.query))
    print("writing", flush=True)
    load = Load(cluster.query, points, seed).start()
    try:
        await_true("a third is written", lambda: load.wrong or load.acknowledged() * 3 > points, 600)
        load.check()
        if "index" in parts:
            print("index nodes are killed under load", flush=True)
            kill_index_nodes(cluster, load)
        await_true("all is written", lambda: load.wrong or load.acknowledged() == points, 600)
    finally:
        load.stop()
    compare_replicas(cluster, load)
    if "controller" in parts:
        print("the controller is killed and suspended", flush=True)
        hurt_controller(cluster, random.Random(seed), seconds)
        compare_replicas(cluster, load)
    print("SIGTERM", flush=True)
    for role in cluster.roles():
        role.stop()


def main():
    launcher, points, seed = os.path.abspath(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    parts = sys.argv[4].split(",") if len(sys.argv) > 4 else PARTS
    seconds = float(sys.argv[5]) if len(sys.argv) > 5 else 10
    folder = tempfile.mkdtemp(prefix="eddy-roles-")
    cluster = Cluster(launcher, folder)
    try:
        walk(cluster, points, seed, parts, seconds)
    except BaseException:
        print("failed with seed %d; data and logs are kept in %s" % (seed, folder), flush=True)
        raise
    finally:
        cluster.end()
    shutil.rmtree(folder)
    print("roles ok")


if __name__ == "__main__":
    main()
