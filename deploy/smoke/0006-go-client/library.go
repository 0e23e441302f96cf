package main

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"slices"

	"github.com/qdrant/go-client/qdrant"
)

// Six small points whose every score is known; see library.py of 0001-python-client, which has the same.
const uuid = "550e8400-e29b-41d4-a716-446655440000"

// point of the library.
type point struct {
	id      string
	plot    []float32
	words   map[uint32]float32
	pages   [][]float32
	payload map[string]any
}

var library = []point{
	{"1", []float32{1, 0, 0}, map[uint32]float32{1: 1, 5: 2}, [][]float32{{1, 0}, {0, 1}}, map[string]any{
		"colour": "red", "n": 1, "price": 10.5, "tags": []any{"a", "b"}, "title": "the quick brown fox",
		"place": map[string]any{"lon": 13.4, "lat": 52.5}}},
	{"2", []float32{0, 1, 0}, map[uint32]float32{2: 1}, [][]float32{{0.5, 0.5}}, map[string]any{
		"colour": "green", "n": 2, "price": 20.25, "old": true}},
	{"3", []float32{0, 0, 1}, map[uint32]float32{1: 3}, [][]float32{{0, 3}}, map[string]any{
		"colour": "red", "n": 3, "place": map[string]any{"lon": 2.35, "lat": 48.85}, "tags": []any{}}},
	{"4", []float32{1, 1, 0}, map[uint32]float32{5: 1}, [][]float32{{4, 0}}, map[string]any{
		"colour": "blue", "n": 4, "title": "quick and slow"}},
	{"5", []float32{0, 1, 1}, map[uint32]float32{2: 2, 5: 0.5}, [][]float32{{2.5, 2.5}, {0, 0.5}}, map[string]any{
		"colour": "green", "n": 5, "sold": "2024-05-01T00:00:00Z", "gone": nil}},
	{uuid, []float32{1, 1, 1}, map[uint32]float32{7: 1}, [][]float32{{6, 0}}, map[string]any{
		"colour": "red", "n": 6, "price": -1.5}},
}

// score of a point that was found.
type score struct {
	id    string
	score float64
}

// What is asked, and the answers, best first.
var (
	plot       = qdrant.NewQuery(4, 2, 1)
	plotScores = []score{{uuid, 7}, {"4", 6}, {"1", 4}, {"5", 3}, {"2", 2}, {"3", 1}}
	word       = qdrant.NewQuerySparse([]uint32{1, 5}, []float32{1, 2})
	wordScores = []score{{"1", 5}, {"3", 3}, {"4", 2}, {"5", 1}}
	page       = qdrant.NewQueryMulti([][]float32{{1, 0}, {0, 1}})
	pageScores = []score{{uuid, 6}, {"5", 5}, {"4", 4}, {"3", 3}, {"1", 2}, {"2", 1}}
)

// reciprocalRanks fuses rankings, best first: 1 / (2 + place) of each, places from 0.
func reciprocalRanks(rankings ...[]score) []score {
	sums := map[string]float64{}
	for _, ranking := range rankings {
		for place, found := range ranking {
			sums[found.id] += 1 / float64(2+place)
		}
	}
	var fused []score
	for id, sum := range sums {
		fused = append(fused, score{id, sum})
	}
	slices.SortFunc(fused, func(a, b score) int { return cmp.Compare(b.score, a.score) })
	return fused
}

func product(one, other string) float64 {
	a, b := byID(one).plot, byID(other).plot
	sum := float32(0)
	for i := range a {
		sum += a[i] * b[i]
	}
	return float64(sum)
}

func byID(id string) point {
	return library[slices.IndexFunc(library, func(p point) bool { return p.id == id })]
}

func number(id uint64) *qdrant.PointId { return qdrant.NewIDNum(id) }

func idOf(id *qdrant.PointId) string {
	if id.GetUuid() != "" {
		return id.GetUuid()
	}
	return fmt.Sprint(id.GetNum())
}

func pointID(id string) *qdrant.PointId {
	if id == uuid {
		return qdrant.NewID(id)
	}
	var num uint64
	must(fmt.Sscan(id, &num))
	return number(num)
}

func vectors(p point) *qdrant.Vectors {
	var indices []uint32
	var values []float32
	for index := range p.words {
		indices = append(indices, index)
	}
	slices.Sort(indices)
	for _, index := range indices {
		values = append(values, p.words[index])
	}
	return qdrant.NewVectorsMap(map[string]*qdrant.Vector{
		"plot":  qdrant.NewVectorDense(p.plot),
		"words": qdrant.NewVectorSparse(indices, values),
		"pages": qdrant.NewVectorMulti(p.pages),
	})
}

func structs(points []point) []*qdrant.PointStruct {
	var made []*qdrant.PointStruct
	for _, p := range points {
		made = append(made, &qdrant.PointStruct{
			Id: pointID(p.id), Payload: qdrant.NewValueMap(p.payload), Vectors: vectors(p)})
	}
	return made
}

func scoresOf(points []*qdrant.ScoredPoint) []score {
	var found []score
	for _, p := range points {
		found = append(found, score{idOf(p.GetId()), float64(p.GetScore())})
	}
	return found
}

func idsOf(points []*qdrant.RetrievedPoint) []string {
	var found []string
	for _, p := range points {
		found = append(found, idOf(p.GetId()))
	}
	return found
}

func checkScores(found, expected []score, what string) {
	check(len(found) == len(expected), "%s: %v, not %v", what, found, expected)
	for i := range found {
		near := math.Abs(found[i].score-expected[i].score) < 1e-5
		check(found[i].id == expected[i].id && near, "%s: %v, not %v", what, found, expected)
	}
}

func checkIDs(found []string, expected ...string) {
	check(slices.Equal(found, expected), "%v, not %v", found, expected)
}

// check ends the scenario, with the place, unless what it is told is so.
func check(is bool, format string, values ...any) {
	if !is {
		fmt.Fprintf(os.Stderr, format+"\n%s", append(values, debug.Stack())...)
		os.Exit(1)
	}
}

func done(err error) { check(err == nil, "%v", err) }

func must[T any](answer T, err error) T {
	done(err)
	return answer
}

func completed(result *qdrant.UpdateResult, err error) {
	done(err)
	check(result.GetStatus() == qdrant.UpdateStatus_Completed, "%v", result)
}
