package main

import (
	"errors"
	"io"
	"maps"
	"slices"

	"github.com/qdrant/go-client/qdrant"
	"google.golang.org/protobuf/proto"
)

func (w walk) walkWrites() {
	completed(w.client.Upsert(w, &qdrant.UpsertPoints{
		CollectionName: name,
		Wait:           qdrant.PtrOf(true),
		Points:         structs(library),
		Ordering:       &qdrant.WriteOrdering{Type: qdrant.WriteOrderingType_Strong},
	}))
	count := must(w.client.Count(w, &qdrant.CountPoints{CollectionName: name, Exact: qdrant.PtrOf(true)}))
	check(count == 6, "%d points", count)
}

func (w walk) stored(id string) *qdrant.RetrievedPoint {
	return must(w.client.Get(w, &qdrant.GetPoints{
		CollectionName: name,
		Ids:            []*qdrant.PointId{pointID(id)},
		WithPayload:    qdrant.NewWithPayload(true),
		WithVectors:    qdrant.NewWithVectors(true),
	}))[0]
}

func (w walk) checkPayload(id string, expected map[string]any) {
	found := w.stored(id).GetPayload()
	check(maps.EqualFunc(found, qdrant.NewValueMap(expected), func(a, b *qdrant.Value) bool { return proto.Equal(a, b) }),
		"payload of %s is %v, not %v", id, found, expected)
}

func (w walk) walkReads() {
	c := w.client
	found := must(c.Get(w, &qdrant.GetPoints{
		CollectionName:  name,
		Ids:             []*qdrant.PointId{qdrant.NewID(uuid), number(1), number(99)},
		ReadConsistency: qdrant.NewReadConsistencyType(qdrant.ReadConsistencyType_All),
	}))
	checkIDs(idsOf(found), uuid, "1")
	for _, p := range library {
		w.checkPayload(p.id, p.payload)
	}
	vectors := w.stored("1").GetVectors().GetVectors().GetVectors()
	check(slices.Equal(vectors["plot"].GetDense().GetData(), []float32{1, 0, 0}), "%v", vectors)
	check(slices.Equal(vectors["words"].GetSparse().GetIndices(), []uint32{1, 5}), "%v", vectors)
	check(slices.Equal(vectors["pages"].GetMultiDense().GetVectors()[1].GetData(), []float32{0, 1}), "%v", vectors)
	all := &qdrant.ScrollPoints{CollectionName: name, Limit: qdrant.PtrOf(uint32(4))}
	first, offset, err := c.ScrollAndOffset(w, all)
	done(err)
	rest := must(c.Scroll(w, &qdrant.ScrollPoints{CollectionName: name, Offset: offset}))
	checkIDs(append(idsOf(first), idsOf(rest)...), "1", "2", "3", "4", "5", uuid)
	var iterated []string
	for iterator := c.ScrollAll(w, all); ; {
		points, err := iterator.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		done(err)
		iterated = append(iterated, idsOf(points)...)
	}
	checkIDs(iterated, "1", "2", "3", "4", "5", uuid)
	w.walkFilters()
}

func (w walk) walkFilters() {
	for _, filter := range []struct {
		condition *qdrant.Condition
		expected  []string
	}{
		{qdrant.NewMatchKeyword("colour", "red"), []string{"1", "3", uuid}},
		{qdrant.NewMatchInt("n", 4), []string{"4"}},
		{qdrant.NewMatchBool("old", true), []string{"2"}},
		{qdrant.NewMatchKeywords("colour", "blue", "green"), []string{"2", "4", "5"}},
		{qdrant.NewMatchInts("n", 1, 6), []string{"1", uuid}},
		{qdrant.NewMatchExceptKeywords("colour", "red"), []string{"2", "4", "5"}},
		{qdrant.NewMatchExceptInts("n", 1, 2, 3), []string{"4", "5", uuid}},
		{qdrant.NewMatchText("title", "quick"), []string{"1", "4"}},
		{qdrant.NewMatchTextAny("title", "fox slow"), []string{"1", "4"}},
		{qdrant.NewMatchPhrase("title", "quick brown"), []string{"1"}},
		{qdrant.NewMatchPrefix("title", "qu"), []string{"4"}},
		{qdrant.NewRange("price", &qdrant.Range{Gt: qdrant.PtrOf(10.5)}), []string{"2"}},
		{qdrant.NewGeoRadius("place", 52.5, 13.4, 1000), []string{"1"}},
		{qdrant.NewGeoBoundingBox("place", 50, 2, 48, 3), []string{"3"}},
		{qdrant.NewValuesCount("tags", &qdrant.ValuesCount{Gte: qdrant.PtrOf(uint64(1))}), []string{"1"}},
		{qdrant.NewIsEmpty("tags"), []string{"2", "3", "4", "5", uuid}},
		{qdrant.NewIsNull("gone"), []string{"5"}},
		{qdrant.NewHasID(number(2), qdrant.NewID(uuid)), []string{"2", uuid}},
		{qdrant.NewHasVector("pages"), []string{"1", "2", "3", "4", "5", uuid}},
		{qdrant.NewFilterAsCondition(&qdrant.Filter{MustNot: []*qdrant.Condition{qdrant.NewMatch("colour", "red")}}),
			[]string{"2", "4", "5"}},
	} {
		found := must(w.client.Scroll(w, &qdrant.ScrollPoints{
			CollectionName: name, Filter: &qdrant.Filter{Must: []*qdrant.Condition{filter.condition}}}))
		check(slices.Equal(idsOf(found), filter.expected), "%v found %v", filter.condition, idsOf(found))
	}
}

func (w walk) walkChanges() {
	c := w.client
	wait := qdrant.PtrOf(true)
	first := &qdrant.Filter{Must: []*qdrant.Condition{qdrant.NewMatchInt("n", 1)}}
	completed(c.SetPayload(w, &qdrant.SetPayloadPoints{
		CollectionName: name,
		Wait:           wait,
		Payload:        qdrant.NewValueMap(map[string]any{"lat": 53.5}),
		Key:            qdrant.PtrOf("place"),
		PointsSelector: qdrant.NewPointsSelectorFilter(first),
	}))
	place := w.stored("1").GetPayload()["place"].GetStructValue().GetFields()
	check(place["lat"].GetDoubleValue() == 53.5 && place["lon"].GetDoubleValue() == 13.4, "%v", place)
	only := map[string]any{"only": []any{1, 2.5, nil, map[string]any{"deep": "x"}}}
	completed(c.OverwritePayload(w, &qdrant.SetPayloadPoints{
		CollectionName: name, Wait: wait, Payload: qdrant.NewValueMap(only),
		PointsSelector: qdrant.NewPointsSelector(number(2))}))
	w.checkPayload("2", only)
	completed(c.DeletePayload(w, &qdrant.DeletePayloadPoints{
		CollectionName: name, Wait: wait, Keys: []string{"place", "tags"},
		PointsSelector: qdrant.NewPointsSelector(number(3))}))
	w.checkPayload("3", map[string]any{"colour": "red", "n": 3})
	completed(c.ClearPayload(w, &qdrant.ClearPayloadPoints{
		CollectionName: name, Wait: wait, Points: qdrant.NewPointsSelector(number(4))}))
	w.checkPayload("4", nil)
	nines := qdrant.NewVectorsMap(map[string]*qdrant.Vector{"plot": qdrant.NewVector(9, 9, 9)})
	completed(c.UpdateVectors(w, &qdrant.UpdatePointVectors{
		CollectionName: name, Wait: wait, Points: []*qdrant.PointVectors{{Id: number(1), Vectors: nines}}}))
	completed(c.DeleteVectors(w, &qdrant.DeletePointVectors{
		CollectionName: name, Wait: wait, PointsSelector: qdrant.NewPointsSelector(number(1)),
		Vectors: &qdrant.VectorsSelector{Names: []string{"words"}}}))
	vectors := w.stored("1").GetVectors().GetVectors().GetVectors()
	check(len(vectors) == 2 && slices.Equal(vectors["plot"].GetDense().GetData(), []float32{9, 9, 9}), "%v", vectors)
	w.walkBatch(wait, nines)
	completed(c.Delete(w, &qdrant.DeletePoints{CollectionName: name, Wait: wait, Points: qdrant.NewPointsSelectorFilter(
		&qdrant.Filter{Must: []*qdrant.Condition{qdrant.NewMatchInt("b", 2)}})}))
	checkIDs(idsOf(must(c.Scroll(w, &qdrant.ScrollPoints{CollectionName: name}))), "1", "2", "3", "5", uuid)
	_, err := c.Upsert(w, &qdrant.UpsertPoints{CollectionName: name, Points: []*qdrant.PointStruct{{
		Id: number(1), Vectors: qdrant.NewVectorsMap(map[string]*qdrant.Vector{"plot": qdrant.NewVector(1, 2)})}}})
	refused(err, "InvalidArgument", "expected dim: 3, got 2")
}

func (w walk) walkBatch(wait *bool, vectors *qdrant.Vectors) {
	made := qdrant.NewPointsSelector(number(60))
	sevens := qdrant.NewVectorsMap(map[string]*qdrant.Vector{"pages": qdrant.NewVectorMulti([][]float32{{7, 7}})})
	results := must(w.client.UpdateBatch(w, &qdrant.UpdateBatchPoints{
		CollectionName: name,
		Wait:           wait,
		Operations: []*qdrant.PointsUpdateOperation{
			qdrant.NewPointsUpdateUpsert(&qdrant.PointsUpdateOperation_PointStructList{Points: []*qdrant.PointStruct{
				{Id: number(60), Vectors: vectors, Payload: qdrant.NewValueMap(map[string]any{"a": 1})}}}),
			qdrant.NewPointsUpdateSetPayload(&qdrant.PointsUpdateOperation_SetPayload{
				PointsSelector: made, Payload: qdrant.NewValueMap(map[string]any{"b": 2})}),
			qdrant.NewPointsUpdateDeletePayload(&qdrant.PointsUpdateOperation_DeletePayload{
				PointsSelector: made, Keys: []string{"a"}}),
			qdrant.NewPointsUpdateUpdateVectors(&qdrant.PointsUpdateOperation_UpdateVectors{
				Points: []*qdrant.PointVectors{{Id: number(60), Vectors: sevens}}}),
			qdrant.NewPointsUpdateDeleteVectors(&qdrant.PointsUpdateOperation_DeleteVectors{
				PointsSelector: made, Vectors: &qdrant.VectorsSelector{Names: []string{"plot"}}}),
			qdrant.NewPointsUpdateOverwritePayload(&qdrant.PointsUpdateOperation_OverwritePayload{
				PointsSelector: qdrant.NewPointsSelector(number(3)), Payload: qdrant.NewValueMap(map[string]any{"z": 1})}),
			qdrant.NewPointsUpdateClearPayload(&qdrant.PointsUpdateOperation_ClearPayload{
				Points: qdrant.NewPointsSelector(number(5))}),
			qdrant.NewPointsUpdateDeletePoints(&qdrant.PointsUpdateOperation_DeletePoints{
				Points: qdrant.NewPointsSelector(number(4))}),
		},
	}))
	check(len(results) == 8, "%v", results)
	for _, result := range results {
		completed(result, nil)
	}
	w.checkPayload("60", map[string]any{"b": 2})
	stored := w.stored("60").GetVectors().GetVectors().GetVectors()
	check(len(stored) == 1 && stored["pages"] != nil, "%v", stored)
	w.checkPayload("3", map[string]any{"z": 1})
	w.checkPayload("5", nil)
}
