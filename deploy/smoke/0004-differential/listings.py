"""Reads without a ranking: points by id or in the order of a field, counts, facets, matrices; and what is refused."""

from collections import Counter

import messages
from comparison import close, same_rows
from generator import IDS
from oracle import EVERYTHING
from qdrant_client import models

FACETS = ["city", "size", "parts", "flag", "uid"]


class Listings:
    """Asks about a subject."""

    def __init__(self, subject):
        self.on = subject

    def scroll(self):
        given, limit = self.on.questions.filter(0.8), self.on.rng.choice([None, 1, 20, 1000])
        offset, (payload, vectors) = self.on.rng.choice([None, *IDS]), self.on.selectors()
        asked = messages.scroll(self.on.name, given, limit, offset, None, payload, vectors)
        answered = self.on.ask(asked)
        if answered is None:
            return
        place = lambda id: (isinstance(id, str), id)
        rows = [r for r in self.on.oracle.scroll(given, True if payload is None else payload, vectors or False)
                if offset is None or place(r[0]) >= place(offset)]
        following = rows[limit or 10][0] if len(rows) > (limit or 10) else None
        self.check_rows(asked, rows[:limit or 10], answered.value["points"])
        if answered.value["next"] != following:
            self.on.differ(asked, "next page", following, answered.value["next"])

    def check_rows(self, asked, rows, points):
        plain = lambda v: {n: plain(x) for n, x in v.items()} if isinstance(v, dict) else (
            {"indices": list(v.indices), "values": list(v.values)} if hasattr(v, "indices") else v)
        wanted = [(id, payload, plain(vector)) for id, payload, vector in rows]
        got = [(p["id"], p["payload"], p["vector"]) for p in points]
        if not same_rows(wanted, got):
            self.on.differ(asked, "points", wanted[:5], got[:5])

    def pages(self):
        """All pages, one after the other."""
        given, size, offset, rows = self.on.questions.filter(0.8), self.on.rng.choice([3, 7, 20]), None, []
        while True:
            asked = messages.scroll(self.on.name, given, size, offset, None, True, False)
            answered = self.on.ask(asked)
            if answered is None or answered.status:
                return
            rows += answered.value["points"]
            offset = answered.value["next"]
            if offset is None:
                break
        self.check_rows(asked, self.on.oracle.scroll(given, True, False), rows)

    def order(self):
        """One page of a scroll in the order of a field, and the one that follows by the client's means."""
        given, ordering, limit = self.on.questions.filter(), self.on.questions.order(), self.on.rng.choice([3, 20, 1000])
        asked = messages.scroll(self.on.name, given, limit, None, ordering, True, False)
        answered = self.on.ask(asked)
        if answered is None:
            return
        wanted = self.on.oracle.ordered(self.on.edge.ordering(ordering), given)
        got = [(p["id"], p["order_value"]) for p in answered.value["points"]]
        if [v for _, v in got] != [v for _, v in wanted[:limit]] or Counter(got) - Counter(wanted):
            self.on.differ(asked, "ordered scroll", wanted[:limit], got)

    def retrieve(self):
        ids, (payload, vectors) = self.on.rng.choices(IDS, k=self.on.rng.randint(1, 20)), self.on.selectors()
        asked = messages.retrieve(self.on.name, ids, payload, vectors)
        answered = self.on.ask(asked)
        if answered is None:
            return
        found = {r[0]: r for r in self.on.oracle.scroll(
            models.Filter(must=[models.HasIdCondition(has_id=ids)]), True if payload is None else payload, vectors or False)}
        self.check_rows(asked, [found[id] for id in dict.fromkeys(ids) if id in found], answered.value)

    # counts and samples

    def count(self):
        given, exact = self.on.filters.filter(self.on.rng.choice([0, 0, 0, 1, 2])), self.on.rng.choice([None, True, True, False])
        asked = messages.count(self.on.name, given, exact)
        answered = self.on.ask(asked)
        wanted = self.on.oracle.count(given)
        if answered is not None and exact is not False and answered.value != {"count": wanted}:
            self.on.differ(asked, "count", wanted, answered)

    def facet(self):
        key, given, limit = self.on.rng.choice(FACETS), self.on.questions.filter(), self.on.rng.choice([None, 1, 3, 100])
        asked = messages.facet(self.on.name, key, given, limit, self.on.rng.choice([None, True, False]))
        answered = self.on.ask(asked)
        wanted = sorted(self.on.oracle.facet(key, given), key=lambda hit: (-hit["count"], hit["value"]))[:limit or 10]
        if answered is not None and answered.value != {"hits": wanted}:
            self.on.differ(asked, "facet", wanted, answered.value)

    def mistake(self):
        asked, status = self.on.mistakes.one()
        collection = asked.message.collection_name
        rest, grpc = self.on.ways.rest(collection, asked), self.on.ways.grpc(asked)
        self.on.asked["mistakes"] += 1
        if rest.differs(grpc):
            self.on.differ(asked, "gRPC is not REST", rest, grpc)
        if rest.code != status:
            self.on.differ(asked, "a mistake", status, rest)

    def matrix(self):
        """Of a sample as large as the collection chance decides nothing."""
        form, using = self.on.rng.choice(["pairs", "offsets"]), self.on.rng.choice(self.on.shape.names)
        given, limit = self.on.questions.filter(), self.on.rng.choice([None, 1, 4, 100])
        asked = messages.matrix(self.on.name, form, given, EVERYTHING, limit, using or None)
        answered = self.on.ask(asked)
        if answered is None:
            return
        wanted, got = self.neighbours(using, given, limit or 3), {}
        if answered.status:
            self.on.differ(asked, "matrix", wanted, answered)
            return
        if form == "pairs":
            for pair in answered.value:
                got.setdefault(pair["a"], []).append(pair["score"])
        else:
            value = answered.value
            for at, score in zip(value["offsets_row"], value["scores"]):
                got.setdefault(value["ids"][at], []).append(score)
        same = wanted.keys() == got.keys() and all(
            len(wanted[a]) == len(got[a]) and all(map(close, wanted[a], got[a])) for a in wanted)
        if not same:
            self.on.differ(asked, "matrix", wanted, answered.value)

    def neighbours(self, using, given, limit):
        """The scores of the nearest within the sample, by point."""
        having = models.HasVectorCondition(has_vector=using)
        ids = [r[0] for r in self.on.oracle.scroll(models.Filter.model_construct(
            must=[having, given] if given else [having]), False, False)]
        found, others = {}, models.Filter(must=[models.HasIdCondition(has_id=ids)])
        for id in ids:
            hits = self.on.edge.ranking(models.QueryRequest(
                query=models.NearestQuery(nearest=id), using=using or None, filter=others))
            if hits:
                found[id] = [hit.score for _, hit in hits[:limit]]
        return found
