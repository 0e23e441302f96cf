"""Queries by groups. The oracle has none: the wanted ones are worked out of its whole ranking."""

import messages
from comparison import close, exactly
from edge_queries import listed
from oracle import steps_of, values_at
from qdrant_client import models

GROUPS = ["city", "size", "parts", "uid", "flag", "missing", "a", "o.p", "arr[].x", "t", "n"]


class Groups:
    """Asks about a subject with the questions of its rankings."""

    def __init__(self, subject, rankings):
        self.on, self.rankings = subject, rankings

    def keys_of(self, payload, by):
        found = [v for value in values_at(payload, steps_of(by)) for v in (value if isinstance(value, list) else [value])]
        return dict.fromkeys(v for v in found if isinstance(v, str) or (isinstance(v, int) and not isinstance(v, bool)))

    def widened(self, level, size):
        """With room for whole groups in what is prefetched, see docs/api.md."""
        copied = level.model_copy()
        copied.prefetch = [self.widened(p, size) for p in listed(level.prefetch)] or None
        if isinstance(level, models.Prefetch):
            copied.limit = (level.limit or 10) * size
        return copied

    def groups_of(self, request, by, size):
        payloads = {id: payload for id, payload, _ in self.on.rows}
        groups = {}
        for id, hit in self.on.edge.ranking(self.widened(request, size)):
            for value in self.keys_of(payloads[id], by):
                groups.setdefault(value, []).append((id, hit.score))
        return {value: hits[:size] for value, hits in groups.items()}

    def grouping(self):
        lookup = self.on.rng.choice([None, None, self.on.other, models.WithLookup(
            collection=self.on.other, with_payload=self.on.rng.choice([None, True, ["city"]]),
            with_vectors=self.on.rng.choice([None, True]))])
        return self.on.rng.choice(GROUPS), self.on.rng.choice([None, 1, 2, 5]), lookup

    def query_groups(self):
        by, size, lookup = self.grouping()

        def is_definite():
            request = self.rankings.question(self.on.questions.question)
            return request, self.on.edge.is_definite(self.widened(request, size or 3))

        request, definite = self.tried(is_definite)
        request.limit = self.on.rng.choice([None, 1, 4, 50])
        ranks = self.rankings.is_known(request) and getattr(request.query, "mmr", None) is None and (
            not isinstance(request.query, (type(None), models.OrderByQuery)))
        if not definite:
            return
        asked = messages.query_groups(self.on.name, self.rankings.selected(request), by, size, lookup)
        self.check_groups(asked, request, by, size, lookup, ranks)

    @staticmethod
    def tried(make):
        while True:
            try:
                return make()
            except Exception:  # a formula without a value
                continue

    def check_groups(self, asked, request, by, size, lookup, ranks=True):
        answered = self.on.ask(asked)
        if answered is None or not ranks:
            return
        try:
            wanted = self.groups_of(request, by, size or 3)
        except Exception as e:  # a formula without a value
            if answered.status != "INVALID_ARGUMENT":
                self.on.differ(asked, "one of them failed", e, answered)
            return
        if answered.status:
            self.on.differ(asked, "failed", wanted, answered)
            return
        best = [hits[0][1] for hits in wanted.values()][:request.limit or 10]
        right = len(best) == len(answered.value) and all(
            close(b, g["hits"][0]["score"]) and g["id"] in wanted and len(g["hits"]) == len(wanted[g["id"]])
            and all(close(w[1], h["score"]) for w, h in zip(wanted[g["id"]], g["hits"]))
            and self.same_lookup(g, lookup) for b, g in zip(best, answered.value))
        if not right:
            self.on.differ(asked, "groups", wanted, answered.value)

    def same_lookup(self, group, lookup):
        name = lookup.collection if isinstance(lookup, models.WithLookup) else lookup
        known = group["id"] in self.on.edge.others[name].stored if name else False
        if not known:
            return "lookup" not in group
        payload = getattr(lookup, "with_payload", None)
        vectors = getattr(lookup, "with_vectors", None) or False
        wanted = self.on.others.scroll(
            models.Filter(must=[models.HasIdCondition(has_id=[group["id"]])]), True if payload is None else payload, vectors)[0]
        got = group.get("lookup")
        return got is not None and got["id"] == wanted[0] and exactly(got["payload"]) == exactly(wanted[1]) and (
            bool(got["vector"]) == bool(wanted[2]))

    def old_groups(self):
        family = self.on.rng.choice(["search", "recommend"])
        request, (by, size, lookup) = self.rankings.old_request(family), self.grouping()
        request.limit, size = self.on.rng.choice([1, 4, 50]), size or 3
        self.check_groups(
            messages.old_groups(self.on.name, family, request, by, size, lookup), request, by, size, lookup)
