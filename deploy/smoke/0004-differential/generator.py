"""Random payloads, declarations of their fields and filters, as the client's models."""

import random
import uuid
from datetime import datetime, timedelta, timezone

from later import MatchPrefix, Slice, SliceCondition, field_condition, filter_of
from qdrant_client import models

INTS = list(range(48)) + [2**40, 2**64 - 1]
UUIDS = [str(uuid.UUID(int=random.Random(i).getrandbits(128))) for i in range(14)]
IDS = INTS + UUIDS
WORDS = ["red", "Green", "blue sky", "deep blue sea", "", "red green", "Ärger"]
PATHS = ["a", "n", "t", "d", "g", "arr", "o", "a[]", "n[]", "n[0]", "g[]", "arr[]", "arr[].x", "arr[0].x", "arr[1]",
         "arr[].deep", "arr[].deep[]", "arr[].deep[].z", "arr.x", "o.p", "o.q", "o.q.r", "o.list", "o.list[]",
         "o.list[].x", '"we.ird"', "missing", "missing.x"]
TYPED = ["size", "price", "day", "place", "city", "parts", "flag", "uid", "words"]
CITIES = ["Rome", "Oslo", "Bonn"]


class Payloads:
    """Random payloads with every kind of value a condition may meet."""

    def __init__(self, rng):
        self.rng = rng

    def scalar(self):
        return self.rng.choice([1, 2, 3, 1.0, 2.5, -1, 0, "1", "red", "Green", "", True, False, None, {}, [], [1, 2]])

    def number(self):
        return self.rng.choice([self.rng.randint(-5, 5), round(self.rng.uniform(-5, 5), 2), 2.0, 2**53 + 1, 2**62, "3", None])

    def text(self):
        return self.rng.choice(WORDS)

    def date(self):
        at = datetime(2024, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=self.rng.randrange(4 * 86400))
        form = self.rng.choice(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S.123456",
                                "%Y-%m-%dT%H:%M:%S+02:00", "%Y-%m-%dT%H:%M", "%d.%m.%Y", "%Y-%m-%dT%H:%M:%S-0330"])
        return self.rng.choice([at.strftime(form)] * 6 + [1704067200, None])

    def geo(self):
        if self.rng.random() < 0.15:
            return self.rng.choice([{"lat": 1.0}, {"lon": "1", "lat": 2}, "here", {"lon": 5, "lat": 5}, None])
        return {"lon": round(self.rng.uniform(-180, 180), 3), "lat": round(self.rng.uniform(-85, 85), 3)}

    def some(self, make, most=3):
        return [make() for _ in range(self.rng.randrange(most + 1))]

    def one_or_some(self, make):
        return make() if self.rng.random() < 0.6 else self.some(make)

    def element(self):
        made = {}
        if self.rng.random() < 0.8:
            made["x"] = self.one_or_some(self.scalar)
        if self.rng.random() < 0.6:
            made["n"] = self.number()
        if self.rng.random() < 0.5:
            made["deep"] = self.one_or_some(lambda: self.rng.choice([1, "red", None, {"z": 1}, {"z": [1, 2]}, [1]]))
        return made if self.rng.random() < 0.9 else self.scalar()

    def object(self):
        made = {}
        if self.rng.random() < 0.7:
            made["p"] = self.one_or_some(self.scalar)
        if self.rng.random() < 0.7:
            made["q"] = self.rng.choice([{"r": self.scalar()}, {"r": [1, None]}, 5, None, {}])
        if self.rng.random() < 0.5:
            made["list"] = self.some(self.element)
        return made

    def payload(self):
        makers = {"a": self.scalar, "n": self.number, "t": self.text, "d": self.date, "g": self.geo, "o": self.object,
                  "we.ird": self.scalar}
        made = {k: self.one_or_some(make) for k, make in makers.items() if self.rng.random() < 0.55}
        if self.rng.random() < 0.6:
            made["arr"] = self.some(self.element)
        return made

    def typed(self, number):
        """Values of one type each, beside the random ones; for what needs them."""
        rng = self.rng
        return self.payload() | {
            "number": number, "price": round(rng.uniform(0.1, 9), 3), "size": rng.randrange(6), "flag": rng.random() < 0.4,
            "city": rng.choice(CITIES), "parts": [rng.choice(["x", "y", "z", 1, 2]) for _ in range(rng.randrange(3))],
            "day": (datetime(2024, 1, 1, tzinfo=timezone.utc) + timedelta(hours=rng.randrange(700))).isoformat(),
            "uid": rng.choice(UUIDS[:6]), "words": " ".join(rng.choice(WORDS) for _ in range(rng.randint(1, 4))),
            "place": {"lon": round(rng.uniform(-20, 20), 4), "lat": round(rng.uniform(-20, 20), 4)}}

    def change(self):
        made = self.payload()
        return {k: (None if self.rng.random() < 0.2 else v) for k, v in made.items()} or {"a": self.scalar()}


class Filters:
    """Random filters, as the client's models; any of them is translated for the oracle by Oracle.filter."""

    def __init__(self, rng, vector_names, paths=()):
        self.rng = rng
        self.vector_names = vector_names
        self.paths = [*PATHS, *paths]

    def filter(self, depth=2, nested=False):
        clauses = {}
        for name in ("must", "should", "must_not"):
            if self.rng.random() < 0.4:
                clauses[name] = self.conditions(depth, nested)
        if self.rng.random() < 0.2:
            conditions = self.conditions(depth, nested)
            clauses["min_should"] = models.MinShould.model_construct(
                conditions=conditions, min_count=self.rng.randint(1, len(conditions) + 1))
        if not clauses:
            clauses["must"] = [self.condition(depth, nested)]
        elif not nested and self.rng.random() < 0.05:
            clauses["should"] = []
        return filter_of(**clauses)

    def conditions(self, depth, nested):
        return [self.condition(depth, nested) for _ in range(self.rng.randint(1, 3))]

    def condition(self, depth, nested):
        kind = self.rng.random()
        if kind < 0.1 and depth > 0:
            return self.filter(depth - 1, nested)
        if kind < 0.2 and depth > 0:
            key = self.rng.choice(["deep", "deep[]", "x"] if nested else ["arr", "arr[]", "o.list", "o.list[]", "o", "a"])
            nested = models.Nested.model_construct(key=key, filter=self.filter(depth - 1, True))
            return models.NestedCondition.model_construct(nested=nested)
        if kind < 0.24:
            return models.HasIdCondition(has_id=self.rng.sample(IDS, self.rng.randint(1, 30)))
        if kind < 0.26 and not nested:
            total = self.rng.randint(1, 4)
            return SliceCondition(slice=Slice(total=total, index=self.rng.randrange(total)))
        if kind < 0.3:
            return models.HasVectorCondition(has_vector=self.rng.choice(self.vector_names))
        key = self.key(nested)
        if kind < 0.37:
            return models.IsEmptyCondition(is_empty=models.PayloadField(key=key))
        if kind < 0.43:
            return models.IsNullCondition(is_null=models.PayloadField(key=key))
        return self.field(key, nested)

    def key(self, nested):
        return self.rng.choice(["x", "x[]", "n", "deep", "deep[]", "deep[].z", "z", "r"] if nested else self.paths)

    def field(self, key, nested):
        rng = self.rng
        make = rng.choice([self.match, self.match, self.match, self.range, self.date, self.box, self.radius, self.polygon,
                           self.count, self.emptiness])
        if make in (self.date, self.box, self.radius, self.polygon) and not nested and rng.random() < 0.8:
            key = rng.choice(["d", "d[]", "d[0]"] if make == self.date else ["g", "g[]", "g[0]"])
        if make == self.range and rng.random() < 0.6:
            key = "n"
        if make == self.match and not nested and rng.random() < 0.3:
            key = rng.choice(["t", "t", "t[]", self.paths[-1]])
        made = make(nested)
        return field_condition(key, made["match"]) if "match" in made else models.FieldCondition(key=key, **made)

    def match(self, nested):
        rng = self.rng
        keywords, integers = ["1", "red", "Green", "blue sky", "", "Rome", "x", UUIDS[0]], [0, 1, 2, 3, -1, 2**53 + 1]
        some = rng.sample(keywords, rng.randint(1, 3)) if rng.random() < 0.5 else rng.sample(integers, rng.randint(1, 3))
        some = [] if rng.random() < 0.05 else some
        text = rng.choice(["red", "blue", "e", "blue sky", "red green", "zzz", "Red", "re zz", "sky blue"])
        return {"match": rng.choice([
            models.MatchValue(value=rng.choice(keywords + integers + ([] if nested else [True, False]))),
            models.MatchAny(any=some),
            models.MatchExcept(**{"except": some}),
            models.MatchText(text=text),
            models.MatchTextAny(text_any=text),
            models.MatchPhrase(phrase=text),
            MatchPrefix(prefix=rng.choice(["r", "re", "blue ", "Gr", "", "1", "Ä", "Ro"])),
        ])}

    def bounds(self, value):
        bounds = {}
        if self.rng.random() < 0.7:
            bounds[self.rng.choice(["gt", "gte"])] = value()
        if self.rng.random() < 0.5:
            bounds[self.rng.choice(["lt", "lte"])] = value()
        return bounds

    def range(self, nested):
        return {"range": models.Range(**self.bounds(lambda: self.rng.choice([float(self.rng.randint(-5, 5)), 2.5, -0.01])))}

    def date(self, nested):
        start = datetime(2024, 1, 1, tzinfo=timezone.utc)
        bounds = self.bounds(lambda: start + timedelta(hours=self.rng.randrange(96)))
        return {"range": models.DatetimeRange(**(bounds or {"gte": start}))}

    def point(self, lon, lat):
        return models.GeoPoint(lon=round(lon, 2) + 0.0001, lat=round(lat, 2) + 0.0001)

    def box(self, nested):
        lats = sorted(self.rng.uniform(-85, 85) for _ in range(2))
        lons = [self.rng.uniform(-179, 179) for _ in range(2)]
        return {"geo_bounding_box": models.GeoBoundingBox(
            top_left=self.point(lons[0], lats[1]), bottom_right=self.point(lons[1], lats[0]))}

    def radius(self, nested):
        center = self.point(self.rng.uniform(-179, 179), self.rng.uniform(-85, 85))
        return {"geo_radius": models.GeoRadius(center=center, radius=self.rng.uniform(1e5, 1.2e7))}

    def ring(self, lon, lat, width, height):
        corners = [(0, 0), (1, 0.2), (1.1, 1), (0.4, 0.7), (0, 0)]
        return models.GeoLineString(points=[self.point(lon + x * width, lat + y * height) for x, y in corners])

    def polygon(self, nested):
        lon, lat = self.rng.uniform(-170, 40), self.rng.uniform(-80, 0)
        width, height = self.rng.uniform(20, 120), self.rng.uniform(20, 80)
        holes = [self.ring(lon + width * 0.4, lat + height * 0.2, width * 0.3, height * 0.3)]
        return {"geo_polygon": models.GeoPolygon(
            exterior=self.ring(lon, lat, width, height), interiors=holes if self.rng.random() < 0.5 else None)}

    def count(self, nested):
        return {"values_count": models.ValuesCount(**(self.bounds(lambda: self.rng.randint(0, 3)) or {"gte": 1}))}

    def emptiness(self, nested):
        return {self.rng.choice(["is_empty", "is_null"]): self.rng.random() < 0.5}
