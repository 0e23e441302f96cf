"""Every family of reads about one collection: asked over REST, asked over gRPC, worked out by the oracle.

Both ways read the same collection, so their answers have to be equal in every bit, errors and their texts too. The oracle's
scores have to be equal to 1e-4; which of equal scores comes first is open. Where the oracle is not asked, and why:
- `with_lookup`, groups, pages of scrolls: worked out here from the oracle's whole ranking.
- groups by `mmr`, `sample`, order or id: the engine has no groups, and there is no ranking by scores to make them of.
- matrices: worked out here from the oracle's nearest of each point.
- approximate counts: an estimate; both ways have to give the same.
- `score_threshold` of best_score, sum_scores, discover, context and feedback with Euclid or Manhattan: the engine, whose
  comparison is that of distances there, gives all hits or none of them; Eddy gives those that pass the comparison.
- `mmr` over sparse vectors: the engine in this process has none; and `mmr` of a prefetch: there the engine takes the
  candidates as they are, Eddy chooses among them.
- prefetches whose limit cuts between equal scores, or with equal scores in a list that is fused by rank: not asked at all.
"""

from groups import Groups
from listings import Listings
from rankings import Rankings
from subject import Subject


class Reads:
    """All of them, about one subject."""

    def __init__(self, rng, ways, client, number, name):
        self.rng, self.subject = rng, Subject(rng, ways, client, number, name)
        self.differences, self.asked = self.subject.differences, self.subject.asked
        rankings, listings = Rankings(self.subject), Listings(self.subject)
        groups = Groups(self.subject, rankings)
        self.families = [
            *[rankings.query] * 4, rankings.query_batch, rankings.sample, rankings.search, rankings.recommend, rankings.discover,
            rankings.old_batch, groups.query_groups, groups.old_groups, listings.scroll, listings.pages, listings.retrieve,
            *[listings.count] * 3, listings.matrix, listings.mistake]
        if self.subject.declared:
            self.families += [listings.facet, listings.order] * 2

    def __str__(self):
        return str(self.subject)

    def run(self, count):
        for _ in range(count):
            self.rng.choice(self.families)()

    def close(self):
        self.subject.close()
