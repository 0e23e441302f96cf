"""What a payload comes back as: to the last digit, the kind of number and the order of keys, over REST and over gRPC.

No oracle is needed: what was written is what has to come back. Over gRPC keys have no order, and integers above 2^63-1 no
words.
"""

import json
from collections import Counter

import messages
from ways import same

NUMBERS = [0, -1, 2**31, 2**53 - 1, 2**53 + 1, 2**62, 2**63 - 1, -2**63, 0.0, -0.0, 1.0, -1.5, 1e21, 1e300, 5e-324, 0.1, 1 / 3,
           123456.789, 1.7976931348623157e308]
TEXTS = ["", "a", "Ärger", "日本語", "😀 and more", "\u0000\u001f", "\"quoted\" \\ back", "e\u0301", "line\nline", "\u2028",
         "x" * 300]
KEYS = ["a", "b.c", "d[0]", "", " ", "ключ", "😀", "\"", "null", "1", "a b", "__proto__", "z" * 60]


class Fidelity:
    """Points without vectors, written over REST; no filter ever looks at them."""

    def __init__(self, rng, ways, name):
        self.rng, self.ways, self.name = rng, ways, f"{name}-payloads"
        self.differences, self.asked = [], Counter()
        self.url = f"/collections/{self.name}"
        ways.http.delete(self.url)
        ways.http.put(self.url, json={"vectors": {}}).raise_for_status()

    def __str__(self):
        return self.name

    def close(self):
        self.ways.http.delete(self.url)

    def value(self, depth):
        kind = self.rng.random()
        if kind < 0.2 and depth > 0:
            return [self.value(depth - 1) for _ in range(self.rng.randrange(4))]
        if kind < 0.4 and depth > 0:
            return self.object(depth - 1)
        return self.rng.choice([None, True, False, *NUMBERS, *TEXTS])

    def object(self, depth):
        keys = self.rng.sample(KEYS, self.rng.randrange(5))
        return {key: self.value(depth) for key in keys}

    def run(self, count):
        for at in range(count):
            self.asked["payload"] += 1
            payload = self.object(4)
            has_large = self.rng.random() < 0.2
            if has_large:
                payload["large"] = self.rng.choice([2**63, 2**64 - 1])
            point = {"id": at, "vector": {}, "payload": payload}
            self.ways.http.put(f"{self.url}/points?wait=true", json={"points": [point]}).raise_for_status()
            one = self.ways.http.get(f"{self.url}/points/{at}").json()["result"]["payload"]
            asked = messages.retrieve(self.name, [at], True, False)
            rest = self.ways.rest(self.name, asked)
            if json.dumps(one) != json.dumps(payload) or json.dumps(rest.value[0]["payload"]) != json.dumps(payload):
                self.differences.append(f"  rest: payload\n    wanted {payload}\n    got    {one}\n    and    {rest}")
            grpc = self.ways.grpc(asked)
            if not has_large and (grpc.status or not same(grpc.value[0]["payload"], payload)):
                self.differences.append(f"  grpc: payload\n    wanted {payload}\n    got    {grpc}")
