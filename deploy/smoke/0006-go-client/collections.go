package main

import (
	"fmt"
	"slices"

	"github.com/qdrant/go-client/qdrant"
)

func settings(name string) *qdrant.CreateCollection {
	return &qdrant.CreateCollection{
		CollectionName: name,
		VectorsConfig: qdrant.NewVectorsConfigMap(map[string]*qdrant.VectorParams{
			"plot": {Size: 3, Distance: qdrant.Distance_Dot},
			"pages": {Size: 2, Distance: qdrant.Distance_Dot, MultivectorConfig: &qdrant.MultiVectorConfig{
				Comparator: qdrant.MultiVectorComparator_MaxSim}},
		}),
		SparseVectorsConfig: qdrant.NewSparseVectorsConfig(map[string]*qdrant.SparseVectorParams{"words": {}}),
		ShardNumber:         qdrant.PtrOf(uint32(2)),
		HnswConfig:          &qdrant.HnswConfigDiff{M: qdrant.PtrOf(uint64(8)), EfConstruct: qdrant.PtrOf(uint64(64))},
		Metadata:            qdrant.NewValueMap(map[string]any{"shelf": 7}),
	}
}

func (w walk) walkCollections(made string) {
	c := w.client
	done(c.CreateCollection(w, settings(made)))
	check(must(c.CollectionExists(w, made)) && !must(c.CollectionExists(w, made+"-none")), "exists")
	check(slices.Contains(must(c.ListCollections(w)), made), "not listed")
	info := must(c.GetCollectionInfo(w, made))
	params := info.GetConfig().GetParams()
	check(info.GetStatus() == qdrant.CollectionStatus_Green && info.GetPointsCount() == 0, "%v", info)
	check(params.GetShardNumber() == 2, "%v", params)
	check(params.GetVectorsConfig().GetParamsMap().GetMap()["plot"].GetSize() == 3, "%v", params)
	check(info.GetConfig().GetMetadata()["shelf"].GetIntegerValue() == 7, "%v", info)
	refused(c.CreateCollection(w, settings(made)), "AlreadyExists", "already exists")
	done(c.UpdateCollection(w, &qdrant.UpdateCollection{
		CollectionName:   made,
		OptimizersConfig: &qdrant.OptimizersConfigDiff{IndexingThreshold: qdrant.PtrOf(uint64(6000))},
		HnswConfig:       &qdrant.HnswConfigDiff{EfConstruct: qdrant.PtrOf(uint64(80))},
		StrictModeConfig: &qdrant.StrictModeConfig{
			Enabled: qdrant.PtrOf(true), MaxQueryLimit: qdrant.PtrOf(uint32(1000))},
	}))
	changed := must(c.GetCollectionInfo(w, made)).GetConfig()
	check(changed.GetOptimizerConfig().GetIndexingThreshold() == 6000, "%v", changed)
	check(changed.GetHnswConfig().GetM() == 8 && changed.GetHnswConfig().GetEfConstruct() == 80, "%v", changed)
	check(changed.GetStrictModeConfig().GetMaxQueryLimit() == 1000, "%v", changed)
	w.walkAliases(made)
	cluster := must(c.GetCollectionClusterInfo(w, made))
	check(cluster.GetShardCount() == 2 && len(cluster.GetRemoteShards()) == 0, "%v", cluster)
	for i, shard := range cluster.GetLocalShards() {
		check(shard.GetShardId() == uint32(i) && shard.GetState() == qdrant.ReplicaState_Active, "%v", cluster)
	}
	check(len(must(c.ListShardKeys(w, made))) == 0, "shard keys")
	done(c.DeleteCollection(w, made))
	_, err := c.GetCollectionInfo(w, made)
	refused(err, "NotFound", fmt.Sprintf("Collection `%s` doesn't exist!", made))
}

func (w walk) walkAliases(made string) {
	c := w.client
	alias, other := made+"-alias", made+"-other"
	done(c.CreateAlias(w, alias, made))
	checkIDs(must(c.ListCollectionAliases(w, made)), alias)
	done(c.RenameAlias(w, alias, other))
	checkIDs(must(c.ListCollectionAliases(w, made)), other)
	listed := slices.ContainsFunc(must(c.ListAliases(w)), func(found *qdrant.AliasDescription) bool {
		return found.GetAliasName() == other && found.GetCollectionName() == made
	})
	check(listed, "alias is not listed")
	done(c.UpdateAliases(w, []*qdrant.AliasOperations{qdrant.NewAliasCreate(alias, made), qdrant.NewAliasDelete(other)}))
	checkIDs(must(c.ListCollectionAliases(w, made)), alias)
	done(c.DeleteAlias(w, alias))
	check(len(must(c.ListCollectionAliases(w, made))) == 0, "alias is still there")
}

func (w walk) walkDeclarations() {
	c := w.client
	wait := qdrant.PtrOf(true)
	for field, request := range map[string]*qdrant.CreateFieldIndexCollection{
		"colour": {FieldType: qdrant.FieldType_FieldTypeKeyword.Enum()},
		"n": {FieldType: qdrant.FieldType_FieldTypeInteger.Enum(), FieldIndexParams: qdrant.NewPayloadIndexParamsInt(
			&qdrant.IntegerIndexParams{Lookup: wait, Range: wait})},
		"title": {FieldType: qdrant.FieldType_FieldTypeText.Enum(), FieldIndexParams: qdrant.NewPayloadIndexParamsText(
			&qdrant.TextIndexParams{Tokenizer: qdrant.TokenizerType_Word, PhraseMatching: wait})},
	} {
		request.CollectionName, request.FieldName, request.Wait = name, field, wait
		completed(c.CreateFieldIndex(w, request))
	}
	schema := must(c.GetCollectionInfo(w, name)).GetPayloadSchema()
	check(schema["colour"].GetPoints() == 6 && schema["n"].GetPoints() == 6, "%v", schema)
	check(schema["title"].GetPoints() == 2 && schema["title"].GetParams().GetTextIndexParams().GetPhraseMatching(),
		"%v", schema)
	hits := must(c.Facet(w, &qdrant.FacetCounts{CollectionName: name, Key: "colour", Limit: qdrant.PtrOf(uint64(2))}))
	check(len(hits) == 2 && hits[0].GetValue().GetStringValue() == "red" && hits[0].GetCount() == 3, "%v", hits)
	ordered := must(c.Scroll(w, &qdrant.ScrollPoints{
		CollectionName: name,
		Limit:          qdrant.PtrOf(uint32(2)),
		OrderBy: &qdrant.OrderBy{
			Key: "n", Direction: qdrant.Direction_Desc.Enum(), StartFrom: qdrant.NewStartFromInt(4)},
	}))
	checkIDs(idsOf(ordered), "4", "3")
	check(ordered[0].GetOrderValue().GetInt() == 4, "%v", ordered)
	completed(c.DeleteFieldIndex(w, &qdrant.DeleteFieldIndexCollection{
		CollectionName: name, FieldName: "title", Wait: wait}))
	check(len(must(c.GetCollectionInfo(w, name)).GetPayloadSchema()) == 2, "still declared")
	w.walkVectorNames(wait)
}

func (w walk) walkVectorNames(wait *bool) {
	c := w.client
	completed(c.CreateVectorName(w, &qdrant.CreateVectorNameRequest{
		CollectionName: name,
		VectorName:     "late",
		Wait:           wait,
		VectorConfig: &qdrant.CreateVectorNameRequest_DenseConfig{
			DenseConfig: &qdrant.DenseVectorCreationConfig{Size: 2, Distance: qdrant.Distance_Manhattan}},
	}))
	late := qdrant.NewVectorsMap(map[string]*qdrant.Vector{"late": qdrant.NewVector(3, 4)})
	completed(c.UpdateVectors(w, &qdrant.UpdatePointVectors{
		CollectionName: name, Wait: wait, Points: []*qdrant.PointVectors{{Id: number(2), Vectors: late}}}))
	request := &qdrant.QueryPoints{CollectionName: name, Query: qdrant.NewQuery(0, 0), Using: qdrant.PtrOf("late")}
	checkScores(scoresOf(must(c.Query(w, request))), []score{{"2", 7}}, "a late name")
	completed(c.DeleteVectorName(w, &qdrant.DeleteVectorNameRequest{
		CollectionName: name, VectorName: "late", Wait: wait}))
	_, err := c.Query(w, request)
	refused(err, "InvalidArgument", "Not existing vector name")
}
