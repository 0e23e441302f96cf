"""When answers are equal."""

import json
import math


def close(a, b, tolerance=1e-4):
    return math.isclose(a, b, rel_tol=tolerance, abs_tol=1e-5)


def same_vectors(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(same_vectors(a[name], b[name]) for name in a)
    if hasattr(a, "indices") and hasattr(b, "indices"):
        return list(a.indices) == list(b.indices) and same_vectors(list(a.values), list(b.values))
    if not isinstance(a, list) or not isinstance(b, list) or len(a) != len(b):
        return False
    return all(same_vectors(x, y) if isinstance(x, list) else close(x, y) for x, y in zip(a, b))


def exactly(payload):
    return json.dumps(payload, sort_keys=True)


def same_rows(a, b):
    return len(a) == len(b) and all(
        x[0] == y[0] and exactly(x[1]) == exactly(y[1]) and same_vectors(x[2], y[2]) for x, y in zip(a, b))


def shown_difference(wanted, got):
    wanted_by_id, got_by_id = {r[0]: r for r in wanted}, {r[0]: r for r in got}
    lines = []
    for id in list(dict.fromkeys([*wanted_by_id, *got_by_id])):
        w, g = wanted_by_id.get(id), got_by_id.get(id)
        if w is None or g is None or not same_rows([w], [g]):
            lines.append(f"    wanted {w}\n    got    {g}")
    return "\n".join(lines[:3]) or f"    order: wanted {[r[0] for r in wanted]} got {[r[0] for r in got]}"
