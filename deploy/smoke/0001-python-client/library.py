"""Six small points whose every score is known, and the answers to what is asked of them."""

from qdrant_client import models

UUID = "550e8400-e29b-41d4-a716-446655440000"
IDS = [1, 2, 3, 4, 5, UUID]

PLOTS = {1: [1, 0, 0], 2: [0, 1, 0], 3: [0, 0, 1], 4: [1, 1, 0], 5: [0, 1, 1], UUID: [1, 1, 1]}
WORDS = {1: {1: 1, 5: 2}, 2: {2: 1}, 3: {1: 3}, 4: {5: 1}, 5: {2: 2, 5: 0.5}, UUID: {7: 1}}
PAGES = {
    1: [[1, 0], [0, 1]],
    2: [[0.5, 0.5]],
    3: [[0, 3]],
    4: [[4, 0]],
    5: [[2.5, 2.5], [0, 0.5]],
    UUID: [[6, 0]],
}
PAYLOADS = {
    1: {
        "colour": "red",
        "n": 1,
        "price": 10.5,
        "sold": "2024-01-01T00:00:00Z",
        "place": {"lon": 13.4, "lat": 52.5},
        "title": "the quick brown fox",
        "tags": ["a", "b"],
        "parts": [{"kind": "lid", "size": 1}, {"kind": "box", "size": 2}],
        "old": False,
        "owner": "6d1d9e39-92d9-4ff0-9c34-06cf1be3f0b1",
    },
    2: {"colour": "green", "n": 2, "price": 20.0, "sold": "2024-02-01T00:00:00Z", "old": True, "title": "brown bread"},
    3: {"colour": "red", "n": 3, "price": 30.25, "place": {"lon": 2.35, "lat": 48.85}, "tags": []},
    4: {"colour": "blue", "n": 4, "title": "quick and slow", "tags": ["c"], "parts": [{"kind": "lid", "size": 2}]},
    5: {"colour": "green", "n": 5, "sold": "2024-05-01T00:00:00Z", "gone": None},
    UUID: {"colour": "red", "n": 6, "price": -1.0, "place": {"lon": 13.5, "lat": 52.4}},
}

# What is asked, and the scores of the answers, best first.
PLOT = [4.0, 2.0, 1.0]
PLOT_SCORES = {UUID: 7, 4: 6, 1: 4, 5: 3, 2: 2, 3: 1}
WORD = models.SparseVector(indices=[1, 5], values=[1.0, 2.0])
WORD_SCORES = {1: 5, 3: 3, 4: 2, 5: 1}
PAGE = [[1.0, 0.0], [0.0, 1.0]]
PAGE_SCORES = {UUID: 6, 5: 5, 4: 4, 3: 3, 1: 2, 2: 1}


def reciprocal_ranks(*rankings):
    """Fused by rank, best first: 1 / (2 + place) of each ranking, places from 0."""
    sums = {}
    for ranking in rankings:
        for place, point in enumerate(ranking):
            sums[point] = sums.get(point, 0) + 1 / (2 + place)
    return dict(sorted(sums.items(), key=lambda entry: -entry[1]))


def sparse(point):
    return models.SparseVector(indices=list(WORDS[point]), values=[float(weight) for weight in WORDS[point].values()])


def vectors(point):
    return {
        "plot": [float(x) for x in PLOTS[point]],
        "words": sparse(point),
        "pages": [[float(x) for x in row] for row in PAGES[point]],
    }


def points(ids=IDS):
    return [models.PointStruct(id=i, vector=vectors(i), payload=PAYLOADS[i]) for i in ids]


def match(key, value):
    return models.FieldCondition(key=key, match=models.MatchValue(value=value))


def has(*conditions):
    return models.Filter(must=list(conditions))


def field(key, **condition):
    return models.FieldCondition(key=key, **condition)


def geo(lat, lon):
    return models.GeoPoint(lat=lat, lon=lon)


BERLIN = geo(52.5, 13.4)
SQUARE = models.GeoLineString(points=[geo(52, 13), geo(52, 14), geo(53, 14), geo(53, 13), geo(52, 13)])

# Every kind of condition with the points that fulfil it.
FILTERS = [
    (has(match("colour", "red")), [1, 3, UUID]),
    (has(match("n", 4)), [4]),
    (has(match("old", True)), [2]),
    (has(field("colour", match=models.MatchAny(any=["blue", "green"]))), [2, 4, 5]),
    (has(field("n", match=models.MatchAny(any=[1, 6]))), [1, UUID]),
    (has(field("colour", match=models.MatchExcept(**{"except": ["red"]}))), [2, 4, 5]),
    (has(field("title", match=models.MatchText(text="brown"))), [1, 2]),
    (has(field("title", match=models.MatchTextAny(text_any="fox slow"))), [1, 4]),
    (has(field("title", match=models.MatchPhrase(phrase="quick brown"))), [1]),
    (has(field("title", match=models.MatchPrefix(prefix="qu"))), [4]),
    (has(field("price", range=models.Range(gt=10.5, lte=30.25))), [2, 3]),
    (has(field("sold", range=models.DatetimeRange(gte="2024-01-15T00:00:00Z", lt="2024-05-01T00:00:00Z"))), [2]),
    (has(field("place", geo_radius=models.GeoRadius(center=BERLIN, radius=20_000))), [1, UUID]),
    (
        has(
            field(
                "place",
                geo_bounding_box=models.GeoBoundingBox(top_left=geo(50, 2), bottom_right=geo(48, 3)),
            )
        ),
        [3],
    ),
    (has(field("place", geo_polygon=models.GeoPolygon(exterior=SQUARE))), [1, UUID]),
    (has(field("tags", values_count=models.ValuesCount(gte=1))), [1, 4]),
    (has(models.IsEmptyCondition(is_empty=models.PayloadField(key="tags"))), [2, 3, 5, UUID]),
    (has(models.IsNullCondition(is_null=models.PayloadField(key="gone"))), [5]),
    (has(models.HasIdCondition(has_id=[2, UUID, 99])), [2, UUID]),
    (has(models.HasVectorCondition(has_vector="words")), IDS),
    (
        has(
            models.NestedCondition(
                nested=models.Nested(key="parts", filter=has(match("kind", "lid"), match("size", 2)))
            )
        ),
        [4],
    ),
    (models.Filter(should=[match("n", 1), match("n", 2)], must_not=[match("colour", "green")]), [1]),
    (
        models.Filter(
            min_should=models.MinShould(
                conditions=[match("colour", "red"), match("old", False), match("n", 6)], min_count=2
            )
        ),
        [1, UUID],
    ),
    (has(models.Filter(must_not=[match("colour", "red")])), [2, 4, 5]),
]
