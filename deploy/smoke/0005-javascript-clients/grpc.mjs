// Every call of the four services of @qdrant/js-client-grpc.
import assert from 'node:assert/strict';
import {
  ConnectErrorCode, Direction, Distance, FieldType, Fusion, QdrantClient, QdrantClientResourceExhaustedError,
  TokenizerType, UpdateStatus, WriteOrderingType,
} from '@qdrant/js-client-grpc';
import {
  IDS, PAGE, PAGE_SCORES, PLOT, PLOT_SCORES, POINTS, UUID, WORD, WORD_SCORES, checkScores, payloadOf, product,
  reciprocalRanks,
} from './library.mjs';
import {
  chosen, dense, enable, field, filtered, has, include, includeNames, match, named, nearest, one, payload, plainId,
  plainPayload, plainVectors, pointId, rows, sparse, value, vectorsOf,
} from './messages.mjs';
import {checkAllCalled, record, refused} from './recorded.mjs';

const ids = (points) => points.map((point) => plainId(point.id));
const scores = (points) => points.map((point) => [plainId(point.id), point.score]);
const completed = ({result}) => assert.equal(result.status, UpdateStatus.Completed);
const structs = (points) =>
  points.map((point) => ({id: pointId(point.id), payload: payload(point.payload), vectors: vectorsOf(point)}));
const settings = (collectionName) => ({
  collectionName,
  vectorsConfig: {
    config: one('paramsMap', {
      map: {plot: {size: 3n, distance: Distance.Dot}, pages: {size: 2n, distance: Distance.Dot, multivectorConfig: {}}},
    }),
  },
  sparseVectorsConfig: {map: {words: {}}},
  shardNumber: 2,
  hnswConfig: {m: 8n, efConstruct: 64n},
  metadata: {shelf: value(7)},
});

async function walkCollections({collections}, collectionName) {
  assert.equal((await collections.create(settings(collectionName))).result, true);
  assert.equal((await collections.collectionExists({collectionName})).result.exists, true);
  assert.ok((await collections.list({})).collections.some(({name}) => name === collectionName));
  const {config, pointsCount} = (await collections.get({collectionName})).result;
  assert.deepEqual([config.params.shardNumber, pointsCount], [2, 0n]);
  assert.equal(config.params.vectorsConfig.config.value.map.plot.size, 3n);
  assert.deepEqual(plainPayload(config.metadata), {shelf: 7});
  await refused(collections.create(settings(collectionName)), ConnectErrorCode.AlreadyExists, 'already exists');
  const change = {collectionName, optimizersConfig: {indexingThreshold: 6000n}, hnswConfig: {efConstruct: 80n}};
  assert.equal((await collections.update(change)).result, true);
  const changed = (await collections.get({collectionName})).result.config;
  assert.equal(changed.optimizerConfig.indexingThreshold, 6000n);
  assert.deepEqual([changed.hnswConfig.m, changed.hnswConfig.efConstruct], [8n, 80n]);
  const [alias, other] = [`${collectionName}-alias`, `${collectionName}-other`];
  const act = (...actions) => collections.updateAliases({actions: actions.map((action) => ({action}))});
  const create = one('createAlias', {collectionName, aliasName: alias});
  await act(create, one('renameAlias', {oldAliasName: alias, newAliasName: other}));
  const aliases = (await collections.listCollectionAliases({collectionName})).aliases;
  assert.deepEqual(aliases.map((found) => [found.aliasName, found.collectionName]), [[other, collectionName]]);
  await act(one('deleteAlias', {aliasName: other}));
  assert.ok((await collections.listAliases({})).aliases.every((found) => found.collectionName !== collectionName));
  const cluster = await collections.collectionClusterInfo({collectionName});
  assert.deepEqual([cluster.shardCount, cluster.localShards.map((shard) => shard.shardId)], [2n, [0, 1]]);
  assert.deepEqual((await collections.listShardKeys({collectionName})).shardKeys, []);
  assert.equal((await collections.delete({collectionName})).result, true);
  assert.equal((await collections.delete({collectionName})).result, false);
  const gone = `Collection \`${collectionName}\` doesn't exist!`;
  await refused(collections.get({collectionName}), ConnectErrorCode.NotFound, gone);
}

async function walkPoints({points}, collectionName) {
  const ordering = {type: WriteOrderingType.Strong};
  completed(await points.upsert({collectionName, wait: true, ordering, points: structs(POINTS)}));
  assert.equal((await points.count({collectionName, exact: true})).result.count, 6n);
  const read = {collectionName, ids: [UUID, 1, 99].map(pointId), withPayload: enable(), withVectors: enable()};
  const found = (await points.get({...read, readConsistency: {value: one('factor', 1n)}})).result;
  assert.deepEqual(ids(found), [UUID, 1]);
  assert.deepEqual(plainPayload(found[1].payload), payloadOf(1));
  const {plot, words, pages} = POINTS[0];
  assert.deepEqual(plainVectors(found[1].vectors), {plot, words, pages});
  const some = {collectionName, ids: [pointId(1)], withPayload: include('n'), withVectors: includeNames('plot')};
  const part = (await points.get(some)).result[0];
  assert.deepEqual([plainPayload(part.payload), plainVectors(part.vectors)], [{n: 1}, {plot: [1, 0, 0]}]);
  const first = await points.scroll({collectionName, limit: 4});
  const rest = await points.scroll({collectionName, limit: 4, offset: first.nextPageOffset});
  assert.deepEqual([...ids(first.result), ...ids(rest.result)], IDS);
  assert.equal(rest.nextPageOffset, undefined);
  const matching = (key, kind, wanted) => field(key, {match: {matchValue: one(kind, wanted)}});
  for (const [filter, expected] of [
    [has(match('n', 4)), [4]],
    [has(match('old', true)), [2]],
    [has(matching('colour', 'keywords', {strings: ['blue', 'green']})), [2, 4, 5]],
    [has(matching('n', 'exceptIntegers', {integers: [1n, 2n, 3n]})), [4, 5, UUID]],
    [has(matching('title', 'text', 'quick')), [1, 4]],
    [has(matching('title', 'prefix', 'qu')), [4]],
    [has(field('price', {range: {gt: 10.5}})), [2]],
    [has(field('place', {geoRadius: {center: {lat: 52.5, lon: 13.4}, radius: 1000}})), [1]],
    [has(field('tags', {valuesCount: {gte: 1n}})), [1]],
    [has({conditionOneOf: one('hasId', {hasId: [2, UUID].map(pointId)})}), [2, UUID]],
    [has({conditionOneOf: one('isNull', {key: 'gone'})}), [5]],
    [{minShould: {conditions: [match('n', 6), match('colour', 'red')], minCount: 2n}}, [UUID]],
  ]) {
    assert.deepEqual(ids((await points.scroll({collectionName, filter})).result), expected);
  }
  await walkLargeNumbers(points, collectionName);
}

// What JavaScript's own numbers can't hold.
async function walkLargeNumbers(points, collectionName) {
  const large = 2n ** 64n - 1n;
  const big = {kind: one('integerValue', 2n ** 53n + 1n)};
  const point = {id: {pointIdOptions: one('num', large)}, vectors: named({}), payload: {big}};
  completed(await points.upsert({collectionName, wait: true, points: [point]}));
  const read = {collectionName, ids: [point.id], withPayload: enable()};
  const [found] = (await points.get(read)).result;
  assert.deepEqual([found.id.pointIdOptions.value, found.payload.big.kind.value], [large, big.kind.value]);
  const pointsSelector = {pointsSelectorOneOf: one('points', {ids: [point.id]})};
  completed(await points.delete({collectionName, wait: true, points: pointsSelector}));
}

async function walkDeclarations({points, collections}, collectionName) {
  const declare = (fieldName, more) => points.createFieldIndex({collectionName, wait: true, fieldName, ...more});
  completed(await declare('colour', {fieldType: FieldType.FieldTypeKeyword}));
  const integer = {indexParams: one('integerIndexParams', {lookup: true, range: true})};
  completed(await declare('n', {fieldType: FieldType.FieldTypeInteger, fieldIndexParams: integer}));
  const text = {indexParams: one('textIndexParams', {tokenizer: TokenizerType.Word, lowercase: true})};
  completed(await declare('title', {fieldType: FieldType.FieldTypeText, fieldIndexParams: text}));
  const schema = (await collections.get({collectionName})).result.payloadSchema;
  assert.deepEqual([schema.colour.points, schema.n.points, schema.title.points], [6n, 6n, 2n]);
  const {hits} = await points.facet({collectionName, key: 'colour', limit: 2n});
  assert.deepEqual(hits.map((hit) => [hit.value.variant.value, hit.count]), [['red', 3n], ['green', 2n]]);
  const orderBy = {key: 'n', direction: Direction.Desc, startFrom: {value: one('integer', 4n)}};
  const ordered = (await points.scroll({collectionName, limit: 2, orderBy})).result;
  assert.deepEqual([ids(ordered), ordered[0].orderValue.variant.value], [[4, 3], 4n]);
  completed(await points.deleteFieldIndex({collectionName, wait: true, fieldName: 'title'}));
  const vectorConfig = one('denseConfig', {size: 2n, distance: Distance.Manhattan});
  completed(await points.createVectorName({collectionName, wait: true, vectorName: 'late', vectorConfig}));
  const late = [{id: pointId(2), vectors: named({late: {vector: dense([3, 4])}})}];
  completed(await points.updateVectors({collectionName, wait: true, points: late}));
  const found = await points.query({collectionName, query: nearest(dense([0, 0])), using: 'late'});
  assert.deepEqual(scores(found.result), [[2, 7]]);
  completed(await points.deleteVectorName({collectionName, wait: true, vectorName: 'late'}));
}

async function walkQueries({points}, collectionName) {
  const check = async (request, expected, what) =>
    checkScores(scores((await points.query({collectionName, ...request})).result), expected, what);
  const plot = {query: nearest(dense(PLOT)), using: 'plot'};
  const word = {query: nearest(sparse(WORD)), using: 'words'};
  await check(plot, PLOT_SCORES, 'dense');
  await check(word, WORD_SCORES, 'sparse');
  await check({query: nearest(rows(PAGE)), using: 'pages'}, PAGE_SCORES, 'multivector');
  await check({query: nearest(one('id', pointId(4))), using: 'plot', limit: 1n}, [[UUID, 2]], 'an id as query');
  await check({...plot, filter: has(match('n', 4)), params: {exact: true}}, [[4, 6]], 'filtered');
  await check({...plot, scoreThreshold: 3.5, offset: 1n}, [[4, 6], [1, 4]], 'threshold');
  const fusion = {variant: one('fusion', Fusion.RRF)};
  await check({query: fusion, prefetch: [plot, word]}, reciprocalRanks(PLOT_SCORES, WORD_SCORES), 'rrf');
  const variables = ['$score', 'n', 'n'].map((name) => ({variant: one('variable', name)}));
  const formula = {variant: one('formula', {expression: {variant: one('sum', {sum: variables})}})};
  await check({query: formula, prefetch: [word]}, [[5, 11], [4, 10], [3, 9], [1, 7]], 'formula');
  const queryPoints = [{collectionName, ...plot, limit: 2n}, {collectionName, ...word, limit: 1n}];
  const batch = (await points.queryBatch({collectionName, queryPoints})).result.map((part) => scores(part.result));
  checkScores(batch[0], PLOT_SCORES.slice(0, 2), 'batch');
  checkScores(batch[1], WORD_SCORES.slice(0, 1), 'batch');
  const grouping = {groupBy: 'n', groupSize: 1n, limit: 2n, withLookup: {collection: collectionName}};
  const grouped = {collectionName, ...plot, ...grouping};
  checkGroups((await points.queryGroups(grouped)).result, [[6, UUID, 7], [4, 4, 6]]);
  const pairs = (await points.searchMatrixPairs({collectionName, using: 'plot', sample: 6n, limit: 5n})).result.pairs;
  assert.equal(pairs.length, 30);
  pairs.forEach(({a, b, score}) => assert.equal(score, product(plainId(a), plainId(b))));
  const reds = has(match('colour', 'red'));
  const asked = {collectionName, using: 'plot', sample: 10n, limit: 5n, filter: reds};
  const matrix = (await points.searchMatrixOffsets(asked)).result;
  assert.deepEqual(matrix.ids.map(plainId), [1, 3, UUID]);
  matrix.scores.forEach((score, i) => {
    const [a, b] = [matrix.offsetsRow[i], matrix.offsetsCol[i]].map((offset) => plainId(matrix.ids[Number(offset)]));
    assert.equal(score, product(a, b));
  });
}

function checkGroups(result, expected) {
  const found = result.groups.map(({id, hits}) => [Number(id.kind.value), plainId(hits[0].id), hits[0].score]);
  assert.deepEqual(found, expected);
}

// The older searches, which the interface still serves.
async function walkOlderQueries({points}, collectionName) {
  const search = {collectionName, vector: PLOT, vectorName: 'plot', limit: 3n};
  checkScores(scores((await points.search(search)).result), PLOT_SCORES.slice(0, 3), 'search');
  const [batch] = (await points.searchBatch({collectionName, searchPoints: [search]})).result;
  checkScores(scores(batch.result), PLOT_SCORES.slice(0, 3), 'search batch');
  const grouping = {groupBy: 'n', groupSize: 1, limit: 2};
  checkGroups((await points.searchGroups({...search, ...grouping})).result, [[6, UUID, 7], [4, 4, 6]]);
  const recommend = {collectionName, positive: [pointId(1)], negative: [pointId(3)], using: 'plot', limit: 4n};
  const recommended = [[4, 2], [UUID, 1], [2, 0], [5, -1]];
  checkScores(scores((await points.recommend(recommend)).result), recommended, 'recommend');
  const [other] = (await points.recommendBatch({collectionName, recommendPoints: [recommend]})).result;
  checkScores(scores(other.result), recommended, 'recommend batch');
  checkGroups((await points.recommendGroups({...recommend, ...grouping})).result, [[4, 4, 2], [6, UUID, 1]]);
  const example = (id) => ({example: one('id', pointId(id))});
  const target = {target: one('single', {example: one('vector', {vector: dense(PLOT)})})};
  const context = [{positive: example(1), negative: example(3)}];
  const discover = {collectionName, target, context, using: 'plot', limit: 4n};
  const discovered = (await points.discover(discover)).result;
  assert.deepEqual([ids(discovered)[0], ids(discovered)[3]], [4, 5]);
  const [third] = (await points.discoverBatch({collectionName, discoverPoints: [discover]})).result;
  assert.deepEqual(scores(third.result), scores(discovered));
}

async function walkChanges({points}, collectionName) {
  const stored = async (id) =>
    (await points.get({collectionName, ids: [pointId(id)], withPayload: enable(), withVectors: enable()})).result[0];
  const storedPayload = async (id) => plainPayload((await stored(id)).payload);
  const to = {collectionName, wait: true};
  const place = {payload: payload({lat: 53.5}), key: 'place', pointsSelector: filtered(has(match('n', 1)))};
  completed(await points.setPayload({...to, ...place}));
  assert.deepEqual((await storedPayload(1)).place, {lon: 13.4, lat: 53.5});
  const plain = {only: [1, 2.5, null, {deep: 'x'}]};
  completed(await points.overwritePayload({...to, payload: payload(plain), pointsSelector: chosen(2)}));
  assert.deepEqual(await storedPayload(2), plain);
  completed(await points.deletePayload({...to, keys: ['place', 'tags'], pointsSelector: chosen(3)}));
  assert.deepEqual(await storedPayload(3), {colour: 'red', n: 3});
  completed(await points.clearPayload({...to, points: chosen(4)}));
  assert.deepEqual(await storedPayload(4), {});
  const vectors = named({plot: {vector: dense([9, 9, 9])}});
  completed(await points.updateVectors({...to, points: [{id: pointId(1), vectors}]}));
  completed(await points.deleteVectors({...to, pointsSelector: chosen(1), vectors: {names: ['words']}}));
  assert.deepEqual(plainVectors((await stored(1)).vectors), {plot: [9, 9, 9], pages: [[1, 0], [0, 1]]});
  const operations = [
    one('upsert', {points: [{id: pointId(60), vectors, payload: payload({a: 1})}]}),
    one('setPayload', {payload: payload({b: 2}), pointsSelector: chosen(60)}),
    one('deletePayload', {keys: ['a'], pointsSelector: chosen(60)}),
    one('updateVectors', {points: [{id: pointId(60), vectors: named({pages: {vector: rows([[7, 7]])}})}]}),
    one('deleteVectors', {pointsSelector: chosen(60), vectors: {names: ['plot']}}),
    one('overwritePayload', {payload: payload({z: 1}), pointsSelector: chosen(3)}),
    one('clearPayload', {points: chosen(5)}),
    one('deletePoints', {points: chosen(4)}),
  ].map((operation) => ({operation}));
  const {result} = await points.updateBatch({...to, operations});
  assert.deepEqual(result.map(({status}) => status), operations.map(() => UpdateStatus.Completed));
  const made = await stored(60);
  assert.deepEqual([plainPayload(made.payload), plainVectors(made.vectors)], [{b: 2}, {pages: [[7, 7]]}]);
  completed(await points.delete({...to, points: filtered(has(match('b', 2)))}));
  assert.deepEqual(ids((await points.scroll({collectionName})).result), [1, 2, 3, 5, UUID]);
  const wrong = {id: pointId(1), vectors: named({plot: {vector: dense([1, 2])}})};
  await refused(points.upsert({...to, points: [wrong]}), ConnectErrorCode.InvalidArgument, 'expected dim: 3, got 2');
}

async function walkRefusals({collections, snapshots}, collectionName) {
  const request = {shardKey: {key: one('keyword', 'key')}};
  const move = one('moveShard', {shardId: 0, fromPeerId: 1n, toPeerId: 2n});
  for (const unbuilt of [
    () => snapshots.create({collectionName}),
    () => snapshots.list({collectionName}),
    () => snapshots.delete({collectionName, snapshotName: 's'}),
    () => snapshots.createFull({}),
    () => snapshots.listFull({}),
    () => snapshots.deleteFull({snapshotName: 's'}),
    () => collections.createShardKey({collectionName, request}),
    () => collections.deleteShardKey({collectionName, request}),
    () => collections.updateCollectionClusterSetup({collectionName, operation: move}),
  ]) {
    await refused(unbuilt(), ConnectErrorCode.Unimplemented);
  }
}

// A client that is told to wait gets its own class of error.
async function walkRateLimit({collections, points}, collectionName) {
  const strictModeConfig = {enabled: true, readRateLimit: 1};
  await collections.create({...settings(collectionName), strictModeConfig});
  assert.equal((await points.count({collectionName})).result.count, 0n);
  await assert.rejects(points.count({collectionName}), QdrantClientResourceExhaustedError);
  await collections.delete({collectionName});
}

export async function walkGrpc(port) {
  const client = new QdrantClient({host: '127.0.0.1', port, timeout: 60_000});
  const groups = ['collections', 'points', 'snapshots', 'service'].map((name) => {
    const service = client.api(name);
    return record(name, service, Object.keys(service));
  });
  const services = Object.fromEntries(groups.map(({group, target}) => [group, target]));
  const collectionName = 'javascript-grpc';
  assert.match((await services.service.healthCheck({})).version, /^1\./);
  await walkCollections(services, `${collectionName}-made`);
  await services.collections.create(settings(collectionName));
  await walkPoints(services, collectionName);
  await walkDeclarations(services, collectionName);
  await walkQueries(services, collectionName);
  await walkOlderQueries(services, collectionName);
  await walkRefusals(services, collectionName);
  await walkRateLimit(services, `${collectionName}-strict`);
  await walkChanges(services, collectionName);
  await services.collections.delete({collectionName});
  const own = Object.getOwnPropertyNames(Object.getPrototypeOf(client));
  assert.deepEqual(own, ['constructor', 'api'], 'the client has functions beside its services');
  console.log(`grpc ok: methods ${groups.map((group) => `${group.group} ${checkAllCalled(group)}`).join(', ')}`);
}
