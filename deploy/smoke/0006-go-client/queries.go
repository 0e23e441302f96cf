package main

import (
	"fmt"

	"github.com/qdrant/go-client/qdrant"
)

func (w walk) ask(request *qdrant.QueryPoints) []score {
	request.CollectionName = name
	return scoresOf(must(w.client.Query(w, request)))
}

func (w walk) walkQueries() {
	plots, words := qdrant.PtrOf("plot"), qdrant.PtrOf("words")
	checkScores(w.ask(&qdrant.QueryPoints{Query: plot, Using: plots}), plotScores, "dense")
	checkScores(w.ask(&qdrant.QueryPoints{Query: word, Using: words}), wordScores, "sparse")
	checkScores(w.ask(&qdrant.QueryPoints{Query: page, Using: qdrant.PtrOf("pages")}), pageScores, "multivector")
	one := qdrant.PtrOf(uint64(1))
	checkScores(w.ask(&qdrant.QueryPoints{Query: qdrant.NewQueryID(number(4)), Using: plots, Limit: one}),
		[]score{{uuid, 2}}, "an id as query")
	fourth := &qdrant.Filter{Must: []*qdrant.Condition{qdrant.NewMatchInt("n", 4)}}
	checkScores(w.ask(&qdrant.QueryPoints{Query: plot, Using: plots, Filter: fourth}), []score{{"4", 6}}, "filtered")
	checkScores(w.ask(&qdrant.QueryPoints{
		Query: plot, Using: plots, ScoreThreshold: qdrant.PtrOf(float32(3.5)), Offset: one}),
		plotScores[1:3], "threshold")
	recommend := &qdrant.RecommendInput{
		Positive: []*qdrant.VectorInput{qdrant.NewVectorInputID(number(1))},
		Negative: []*qdrant.VectorInput{qdrant.NewVectorInputID(number(3))},
	}
	checkScores(w.ask(&qdrant.QueryPoints{Query: qdrant.NewQueryRecommend(recommend), Using: plots}),
		[]score{{"4", 2}, {uuid, 1}, {"2", 0}, {"5", -1}}, "recommend")
	prefetch := []*qdrant.PrefetchQuery{{Query: plot, Using: plots}, {Query: word, Using: words}}
	fused := w.ask(&qdrant.QueryPoints{Query: qdrant.NewQueryFusion(qdrant.Fusion_RRF), Prefetch: prefetch})
	checkScores(fused, reciprocalRanks(plotScores, wordScores), "rrf")
	n := qdrant.NewExpressionVariable("n")
	formula := &qdrant.Formula{Expression: qdrant.NewExpressionSum(&qdrant.SumExpression{
		Sum: []*qdrant.Expression{qdrant.NewExpressionVariable("$score"), n, n}})}
	checkScores(w.ask(&qdrant.QueryPoints{Query: qdrant.NewQueryFormula(formula), Prefetch: prefetch[1:]}),
		[]score{{"5", 11}, {"4", 10}, {"3", 9}, {"1", 7}}, "formula")
	sample := w.ask(&qdrant.QueryPoints{Query: qdrant.NewQuerySample(qdrant.Sample_Random)})
	check(len(sample) == 6, "%v", sample)
	w.walkManyQueries(plots, words)
	w.walkMatrices(plots)
}

func (w walk) walkManyQueries(plots, words *string) {
	two := qdrant.PtrOf(uint64(2))
	batch := must(w.client.QueryBatch(w, &qdrant.QueryBatchPoints{
		CollectionName: name,
		QueryPoints: []*qdrant.QueryPoints{
			{CollectionName: name, Query: plot, Using: plots, Limit: two},
			{CollectionName: name, Query: word, Using: words, Limit: two},
		},
	}))
	checkScores(scoresOf(batch[0].GetResult()), plotScores[:2], "batch")
	checkScores(scoresOf(batch[1].GetResult()), wordScores[:2], "batch")
	groups := must(w.client.QueryGroups(w, &qdrant.QueryPointGroups{
		CollectionName: name, Query: plot, Using: plots, GroupBy: "n", GroupSize: qdrant.PtrOf(uint64(1)), Limit: two,
		WithLookup: &qdrant.WithLookup{Collection: name, WithPayload: qdrant.NewWithPayloadInclude("colour")},
	}))
	checkGroups(groups, score{uuid, 7}, score{"4", 6})
	check(groups[1].GetLookup().GetPayload()["colour"].GetStringValue() == "blue", "%v", groups)
}

// checkGroups of one hit each, grouped by n: 6 for the uuid, 4 for the fourth.
func checkGroups(groups []*qdrant.PointGroup, expected ...score) {
	check(len(groups) == len(expected), "%v", groups)
	for i, group := range groups {
		checkScores(scoresOf(group.GetHits()), expected[i:i+1], "group")
		n := fmt.Sprint(byID(expected[i].id).payload["n"])
		id := fmt.Sprint(max(group.GetId().GetIntegerValue(), int64(group.GetId().GetUnsignedValue())))
		check(id == n, "%v", group)
	}
}

func (w walk) walkMatrices(plots *string) {
	request := &qdrant.SearchMatrixPoints{
		CollectionName: name, Using: plots, Sample: qdrant.PtrOf(uint64(6)), Limit: qdrant.PtrOf(uint64(5))}
	pairs := must(w.client.SearchMatrixPairs(w, request)).GetPairs()
	check(len(pairs) == 30, "%d pairs", len(pairs))
	for _, pair := range pairs {
		check(float64(pair.GetScore()) == product(idOf(pair.GetA()), idOf(pair.GetB())), "%v", pair)
	}
	matrix := must(w.client.SearchMatrixOffsets(w, request))
	check(len(matrix.GetIds()) == 6 && len(matrix.GetScores()) == 30, "%v", matrix)
	for i, found := range matrix.GetScores() {
		row, column := matrix.GetIds()[matrix.GetOffsetsRow()[i]], matrix.GetIds()[matrix.GetOffsetsCol()[i]]
		check(float64(found) == product(idOf(row), idOf(column)), "%v", matrix)
	}
}

// walkOlderQueries goes through the searches that the interface still serves, but the client has no methods for.
func (w walk) walkOlderQueries() {
	service, plots := w.client.GetPointsClient(), qdrant.PtrOf("plot")
	search := &qdrant.SearchPoints{CollectionName: name, Vector: []float32{4, 2, 1}, VectorName: plots, Limit: 3}
	checkScores(scoresOf(must(service.Search(w, search)).GetResult()), plotScores[:3], "search")
	searched := must(service.SearchBatch(w, &qdrant.SearchBatchPoints{
		CollectionName: name, SearchPoints: []*qdrant.SearchPoints{search}}))
	checkScores(scoresOf(searched.GetResult()[0].GetResult()), plotScores[:3], "search batch")
	checkGroups(must(service.SearchGroups(w, &qdrant.SearchPointGroups{
		CollectionName: name, Vector: search.Vector, VectorName: plots, GroupBy: "n", GroupSize: 1, Limit: 2,
	})).GetResult().GetGroups(), score{uuid, 7}, score{"4", 6})
	one, three := []*qdrant.PointId{number(1)}, []*qdrant.PointId{number(3)}
	recommend := &qdrant.RecommendPoints{CollectionName: name, Positive: one, Negative: three, Using: plots, Limit: 2}
	recommended := []score{{"4", 2}, {uuid, 1}}
	checkScores(scoresOf(must(service.Recommend(w, recommend)).GetResult()), recommended, "recommend")
	batch := must(service.RecommendBatch(w, &qdrant.RecommendBatchPoints{
		CollectionName: name, RecommendPoints: []*qdrant.RecommendPoints{recommend}}))
	checkScores(scoresOf(batch.GetResult()[0].GetResult()), recommended, "recommend batch")
	checkGroups(must(service.RecommendGroups(w, &qdrant.RecommendPointGroups{
		CollectionName: name, Positive: one, Negative: three, Using: plots, GroupBy: "n", GroupSize: 1, Limit: 2,
	})).GetResult().GetGroups(), recommended...)
	example := func(id uint64) *qdrant.VectorExample {
		return &qdrant.VectorExample{Example: &qdrant.VectorExample_Id{Id: number(id)}}
	}
	discover := &qdrant.DiscoverPoints{
		CollectionName: name, Using: plots, Limit: 4, Target: qdrant.NewTarget(qdrant.NewVector(4, 2, 1)),
		Context: []*qdrant.ContextExamplePair{{Positive: example(1), Negative: example(3)}}}
	discovered := scoresOf(must(service.Discover(w, discover)).GetResult())
	check(discovered[0].id == "4" && discovered[3].id == "5", "%v", discovered)
	again := must(service.DiscoverBatch(w, &qdrant.DiscoverBatchPoints{
		CollectionName: name, DiscoverPoints: []*qdrant.DiscoverPoints{discover}}))
	checkScores(scoresOf(again.GetResult()[0].GetResult()), discovered, "discover batch")
}
