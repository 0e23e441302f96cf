// Every function of @qdrant/js-client-rest, and of the generated interface below it.
import assert from 'node:assert/strict';
import {QdrantClient, QdrantClientResourceExhaustedError} from '@qdrant/js-client-rest';
import {checkAllCalled, record, refused} from './recorded.mjs';
import {
  IDS, PAGE, PAGE_SCORES, PLOT, PLOT_SCORES, POINTS, UUID, WORD, WORD_SCORES, checkScores, payloadOf, product,
  reciprocalRanks,
} from './library.mjs';

const match = (key, value) => ({key, match: {value}});
const has = (...must) => ({must});
const ids = (points) => points.map((point) => point.id);
const scores = (points) => points.map((point) => [point.id, point.score]);
const completed = (result) => assert.equal(result.status, 'completed');
const vectors = ({plot, words, pages}) => ({plot, words, pages});
const structs = (points) => points.map((point) => ({id: point.id, payload: point.payload, vector: vectors(point)}));
const SETTINGS = {
  vectors: {
    plot: {size: 3, distance: 'Dot'},
    pages: {size: 2, distance: 'Dot', multivector_config: {comparator: 'max_sim'}},
  },
  sparse_vectors: {words: {}},
  shard_number: 2,
  hnsw_config: {m: 8, ef_construct: 64},
  metadata: {shelf: 7},
};

async function walkCollections(client, name) {
  assert.equal(await client.createCollection(name, SETTINGS), true);
  assert.deepEqual(await client.collectionExists(name), {exists: true});
  assert.deepEqual(await client.collectionExists(`${name}-none`), {exists: false});
  assert.ok((await client.getCollections()).collections.some((collection) => collection.name === name));
  const {config, points_count: count, status} = await client.getCollection(name);
  assert.deepEqual([status, count, config.params.shard_number], ['green', 0, 2]);
  assert.equal(config.params.vectors.pages.multivector_config.comparator, 'max_sim');
  assert.deepEqual(config.metadata, {shelf: 7});
  await refused(client.createCollection(name, SETTINGS), 409, 'already exists');
  assert.equal(
    await client.updateCollection(name, {
      optimizers_config: {indexing_threshold: 6000},
      hnsw_config: {ef_construct: 80},
      strict_mode_config: {enabled: true, max_query_limit: 1000},
    }),
    true,
  );
  const changed = (await client.getCollection(name)).config;
  assert.equal(changed.optimizer_config.indexing_threshold, 6000);
  assert.deepEqual([changed.hnsw_config.m, changed.hnsw_config.ef_construct], [8, 80]);
  assert.equal(changed.strict_mode_config.max_query_limit, 1000);
  await walkAliases(client, name);
  const cluster = await client.collectionClusterInfo(name);
  assert.equal(cluster.shard_count, 2);
  assert.deepEqual(cluster.local_shards.map((shard) => [shard.shard_id, shard.state]), [[0, 'Active'], [1, 'Active']]);
  assert.deepEqual(cluster.remote_shards, []);
  assert.deepEqual(await client.listShardKeys(name), {shard_keys: []});
  assert.equal(await client.recreateCollection(name, {vectors: {size: 2, distance: 'Cosine'}}), true);
  assert.equal((await client.getCollection(name)).config.params.vectors.size, 2);
  assert.equal(await client.deleteCollection(name, {timeout: 30}), true);
  assert.equal(await client.deleteCollection(name), false);
  await refused(client.getCollection(name), 404, `Collection \`${name}\` doesn't exist!`);
}

async function walkAliases(client, name) {
  const [alias, other] = [`${name}-alias`, `${name}-other`];
  const create = (alias_name) => ({create_alias: {collection_name: name, alias_name}});
  const all = async () => (await client.getAliases()).aliases.filter((found) => found.collection_name === name);
  assert.equal(await client.updateCollectionAliases({actions: [create(alias)]}), true);
  assert.deepEqual((await client.getCollectionAliases(name)).aliases, [{alias_name: alias, collection_name: name}]);
  await client.updateCollectionAliases({
    actions: [{rename_alias: {old_alias_name: alias, new_alias_name: other}}, create(alias)],
  });
  assert.deepEqual((await all()).map((found) => found.alias_name).sort(), [alias, other]);
  const actions = [alias, other].map((alias_name) => ({delete_alias: {alias_name}}));
  await client.updateCollectionAliases({actions});
  assert.deepEqual(await all(), []);
}

async function walkPoints(client, name) {
  completed(await client.upsert(name, {points: structs(POINTS.slice(0, 3)), wait: true}));
  const later = POINTS.slice(3);
  const batch = {
    ids: ids(later),
    payloads: later.map((point) => point.payload),
    vectors: {
      plot: later.map((point) => point.plot),
      words: later.map((point) => point.words),
      pages: later.map((point) => point.pages),
    },
  };
  completed(await client.upsert(name, {batch, ordering: 'strong'}));
  assert.deepEqual(await client.count(name), {count: 6});
  assert.deepEqual(await client.count(name, {filter: has(match('colour', 'red')), exact: true}), {count: 3});
  const records = await client.retrieve(name, {ids: [UUID, 1, 99], with_vector: true, consistency: 'all'});
  assert.deepEqual(ids(records), [UUID, 1]);
  assert.deepEqual(records[1].payload, payloadOf(1));
  assert.deepEqual(records[1].vector, vectors(POINTS[0]));
  const some = await client.retrieve(name, {ids: [1], with_payload: {include: ['place.lat']}, with_vector: ['plot']});
  assert.deepEqual([some[0].payload, some[0].vector], [{place: {lat: 52.5}}, {plot: [1, 0, 0]}]);
  const first = await client.scroll(name, {limit: 4});
  const rest = await client.scroll(name, {limit: 4, offset: first.next_page_offset, with_payload: false});
  assert.deepEqual([...ids(first.points), ...ids(rest.points)], IDS);
  assert.equal(rest.next_page_offset, null);
  await walkFilters(client, name);
}

async function walkFilters(client, name) {
  const berlin = {lat: 52.5, lon: 13.4};
  const filters = [
    [has(match('n', 4)), [4]],
    [has(match('old', true)), [2]],
    [has({key: 'colour', match: {any: ['blue', 'green']}}), [2, 4, 5]],
    [has({key: 'colour', match: {except: ['red']}}), [2, 4, 5]],
    [has({key: 'title', match: {text: 'quick'}}), [1, 4]],
    [has({key: 'title', match: {prefix: 'qu'}}), [4]],
    [has({key: 'price', range: {gt: 10.5}}), [2]],
    [has({key: 'sold', range: {gte: '2024-05-01T00:00:00Z'}}), [5]],
    [has({key: 'place', geo_radius: {center: berlin, radius: 1000}}), [1]],
    [has({key: 'tags', values_count: {gte: 1}}), [1]],
    [has({is_empty: {key: 'tags'}}), [2, 3, 4, 5, UUID]],
    [has({is_null: {key: 'gone'}}), [5]],
    [has({has_id: [2, UUID]}), [2, UUID]],
    [has({has_vector: 'pages'}), IDS],
    [{should: [match('n', 1), match('n', 2)], must_not: [match('colour', 'green')]}, [1]],
    [{min_should: {conditions: [match('n', 6), match('colour', 'red')], min_count: 2}}, [UUID]],
  ];
  for (const [filter, expected] of filters) {
    assert.deepEqual(ids((await client.scroll(name, {filter})).points), expected, JSON.stringify(filter));
  }
}

async function walkDeclarations(client, name) {
  const text = {type: 'text', tokenizer: 'word', lowercase: true, phrase_matching: true};
  const fields = {colour: 'keyword', n: {type: 'integer', range: true, lookup: true}, place: 'geo', title: text};
  for (const [field_name, field_schema] of Object.entries(fields)) {
    completed(await client.createPayloadIndex(name, {field_name, field_schema, wait: true}));
  }
  const schema = (await client.getCollection(name)).payload_schema;
  const counts = Object.fromEntries(Object.entries(schema).map(([field, {points}]) => [field, points]));
  assert.deepEqual(counts, {colour: 6, n: 6, place: 2, title: 2});
  assert.equal(schema.title.params.phrase_matching, true);
  const facet = await client.facet(name, {key: 'colour', limit: 2});
  assert.deepEqual(facet.hits, [{value: 'red', count: 3}, {value: 'green', count: 2}]);
  const page = await client.scroll(name, {order_by: {key: 'n', direction: 'desc', start_from: 4}, limit: 2});
  assert.deepEqual(ids(page.points), [4, 3]);
  assert.equal(page.points[0].order_value, 4);
  completed(await client.deletePayloadIndex(name, 'title'));
  assert.deepEqual(Object.keys((await client.getCollection(name)).payload_schema).sort(), ['colour', 'n', 'place']);
  completed(await client.createVectorName(name, 'late', {dense: {size: 2, distance: 'Manhattan'}}));
  completed(await client.updateVectors(name, {points: [{id: 2, vector: {late: [3, 4]}}]}));
  const found = await client.query(name, {query: [0, 0], using: 'late'});
  assert.deepEqual(scores(found.points), [[2, 7]]);
  completed(await client.deleteVectorName(name, 'late'));
  await refused(client.query(name, {query: [0, 0], using: 'late'}), 400, 'Not existing vector name');
}

async function walkQueries(client, name) {
  const check = async (request, expected, what) =>
    checkScores(scores((await client.query(name, request)).points), expected, what);
  await check({query: PLOT, using: 'plot'}, PLOT_SCORES, 'dense');
  await check({query: WORD, using: 'words'}, WORD_SCORES, 'sparse');
  await check({query: PAGE, using: 'pages'}, PAGE_SCORES, 'multivector');
  await check({query: 4, using: 'plot', limit: 1}, [[UUID, 2]], 'an id as query');
  await check({query: PLOT, using: 'plot', filter: has(match('n', 4)), params: {exact: true}}, [[4, 6]], 'filtered');
  await check({query: PLOT, using: 'plot', score_threshold: 3.5, offset: 1}, [[4, 6], [1, 4]], 'threshold');
  const recommend = {positive: [1], negative: [3]};
  await check({query: {recommend}, using: 'plot'}, [[4, 2], [UUID, 1], [2, 0], [5, -1]], 'recommend');
  const discover = {target: PLOT, context: [{positive: 1, negative: 3}]};
  assert.equal((await client.query(name, {query: {discover}, using: 'plot'})).points[0].id, 4);
  const prefetch = [{query: PLOT, using: 'plot'}, {query: WORD, using: 'words'}];
  await check({query: {fusion: 'rrf'}, prefetch}, reciprocalRanks(PLOT_SCORES, WORD_SCORES), 'rrf');
  await check({query: PLOT, using: 'plot', prefetch: {query: WORD, using: 'words'}},
    PLOT_SCORES.filter(([id]) => WORD_SCORES.some(([other]) => other === id)), 'prefetch');
  const formula = {sum: ['$score', {mult: [100, 'n']}]};
  await check({query: {formula}, prefetch: prefetch[1]}, [[5, 501], [4, 402], [3, 303], [1, 105]], 'formula');
  const whole = {query: PLOT, using: 'plot', limit: 1, with_payload: ['n'], with_vector: true};
  const best = await client.query(name, whole);
  assert.deepEqual([best.points[0].payload, best.points[0].vector], [{n: 6}, vectors(POINTS[5])]);
  await walkManyQueries(client, name);
}

async function walkManyQueries(client, name) {
  const searches = [{query: PLOT, using: 'plot', limit: 2}, {query: WORD, using: 'words', filter: has(match('n', 3))}];
  const [first, second] = await client.queryBatch(name, {searches});
  checkScores(scores(first.points), PLOT_SCORES.slice(0, 2), 'batch');
  checkScores(scores(second.points), [[3, 3]], 'batch');
  const {groups} = await client.queryGroups(name, {
    query: PLOT, using: 'plot', group_by: 'n', group_size: 1, limit: 2,
    with_lookup: {collection: name, with_payload: ['colour'], with_vectors: false},
  });
  assert.deepEqual(groups.map((group) => [group.id, scores(group.hits)]), [[6, [[UUID, 7]]], [4, [[4, 6]]]]);
  assert.deepEqual(groups[1].lookup.payload, {colour: 'blue'});
  const {pairs} = await client.searchMatrixPairs(name, {using: 'plot', sample: 6, limit: 5});
  assert.equal(pairs.length, 30);
  pairs.forEach(({a, b, score}) => assert.equal(score, product(a, b)));
  const matrix = await client.searchMatrixOffsets(name, {
    using: 'plot', sample: 10, limit: 5, filter: has(match('colour', 'red')),
  });
  assert.deepEqual(matrix.ids, [1, 3, UUID]);
  assert.equal(matrix.scores.length, 6);
  matrix.scores.forEach((score, i) =>
    assert.equal(score, product(matrix.ids[matrix.offsets_row[i]], matrix.ids[matrix.offsets_col[i]])));
}

async function walkChanges(client, name) {
  const stored = async (id) => (await client.retrieve(name, {ids: [id], with_vector: true}))[0];
  completed(await client.setPayload(name, {payload: {lat: 53.5}, filter: has(match('n', 1)), key: 'place'}));
  assert.deepEqual((await stored(1)).payload.place, {lon: 13.4, lat: 53.5});
  completed(await client.overwritePayload(name, {payload: {only: [1, 2.5, null, {deep: 'x'}]}, points: [2]}));
  assert.deepEqual((await stored(2)).payload, {only: [1, 2.5, null, {deep: 'x'}]});
  completed(await client.deletePayload(name, {keys: ['place', 'tags'], points: [3]}));
  assert.deepEqual((await stored(3)).payload, {colour: 'red', n: 3});
  completed(await client.clearPayload(name, {filter: has(match('colour', 'blue'))}));
  assert.deepEqual((await stored(4)).payload, {});
  completed(await client.updateVectors(name, {points: [{id: 1, vector: {plot: [9, 9, 9]}}]}));
  completed(await client.deleteVectors(name, {points: [1], vector: ['words']}));
  assert.deepEqual((await stored(1)).vector, {plot: [9, 9, 9], pages: [[1, 0], [0, 1]]});
  const results = await client.batchUpdate(name, {
    operations: [
      {upsert: {points: [{id: 60, vector: {plot: [1, 2, 3]}, payload: {a: 1}}]}},
      {set_payload: {payload: {b: 2}, points: [60]}},
      {delete_payload: {keys: ['a'], points: [60]}},
      {update_vectors: {points: [{id: 60, vector: {pages: [[7, 7]]}}]}},
      {delete_vectors: {points: [60], vector: ['plot']}},
      {overwrite_payload: {payload: {z: 1}, points: [3]}},
      {clear_payload: {points: [5]}},
      {delete: {points: [4]}},
    ],
  });
  assert.equal(results.length, 8);
  results.forEach(completed);
  const made = await stored(60);
  assert.deepEqual([made.payload, made.vector], [{b: 2}, {pages: [[7, 7]]}]);
  assert.deepEqual((await stored(3)).payload, {z: 1});
  completed(await client.delete(name, {filter: has(match('b', 2)), wait: true}));
  assert.deepEqual(ids((await client.scroll(name)).points), [1, 2, 3, 5, UUID]);
  const wrong = client.upsert(name, {points: [{id: 1, vector: {plot: [1, 2]}}]});
  await refused(wrong, 400, 'expected dim: 3, got 2');
}

async function walkService(client, api, name) {
  assert.equal((await client.versionInfo()).version.split('.')[0], '1');
  assert.equal((await client.getOptimizations(name, {completed_limit: 3})).running.length, 0);
  await walkQuotas(client);
  assert.equal((await api.healthz({})).data, 'healthz check passed');
  assert.equal((await api.livez({})).data, 'healthz check passed');
  assert.equal((await api.readyz({})).data, 'all shards are ready');
  assert.ok((await api.metrics({})).data.includes('app_info{name="qdrant"'));
  const telemetry = (await api.telemetry({details_level: 3})).data.result;
  assert.ok(telemetry.collections.collections.some((collection) => collection.id === name));
  assert.deepEqual((await api.clusterStatus({})).data.result, {status: 'disabled'});
  assert.deepEqual((await api.getIssues({})).data.result, {issues: []});
  assert.equal((await api.clearIssues({})).data.result, true);
  const point = (await api.getPoint({collection_name: name, id: 2})).data.result;
  assert.deepEqual([point.id, point.payload], [2, payloadOf(2)]);
}

// What is set is shown back.
async function walkQuotas(client) {
  assert.equal((await client.getQuotas()).config.enabled, false);
  assert.equal(await client.updateQuotas({enabled: false, max_disk_usage_percent: 93}), true);
  assert.equal((await client.getQuotas()).config.max_disk_usage_percent, 93);
  await client.updateQuotas({enabled: false});
}

async function walkRefusals(client, api, name) {
  const shard = {collection_name: name, shard_id: 0};
  for (const unbuilt of [
    () => client.listSnapshots(name),
    () => client.createSnapshot(name),
    () => client.deleteSnapshot(name, 's'),
    () => client.recoverSnapshot(name, {location: 'file:///s'}),
    () => client.listFullSnapshots(),
    () => client.createFullSnapshot(),
    () => client.deleteFullSnapshot('s'),
    () => client.listShardSnapshots(name, 0),
    () => client.createShardSnapshot(name, 0, {}),
    () => client.deleteShardSnapshot(name, 0, 's', {}),
    () => client.recoverShardFromSnapshot(name, 0, {location: 'file:///s'}),
    () => api.getSnapshot({collection_name: name, snapshot_name: 's'}),
    () => api.getFullSnapshot({snapshot_name: 's'}),
    () => api.getShardSnapshot({...shard, snapshot_name: 's'}),
    () => api.streamShardSnapshot(shard),
    () => api.recoverFromUploadedSnapshot({collection_name: name}),
    () => api.recoverShardFromUploadedSnapshot(shard),
  ]) {
    await refused(unbuilt(), 501, 'Not implemented');
  }
  const move = {move_shard: {shard_id: 0, to_peer_id: 1, from_peer_id: 2}};
  for (const standalone of [
    () => client.createShardKey(name, {shard_key: 'key'}),
    () => client.deleteShardKey(name, {shard_key: 'key'}),
    () => client.updateCollectionCluster(name, move),
    () => client.clusterTelemetry(),
    () => api.recoverCurrentPeer({}),
    () => api.removePeer({peer_id: 7, force: true}),
  ]) {
    await refused(standalone(), 405, 'standalone mode');
  }
}

// A client that is told to wait gets its own class of error.
async function walkRateLimit(client, name) {
  const strict_mode_config = {enabled: true, read_rate_limit: 1};
  await client.createCollection(name, {vectors: {size: 2, distance: 'Dot'}, strict_mode_config});
  assert.deepEqual(await client.count(name), {count: 0});
  await assert.rejects(client.count(name), QdrantClientResourceExhaustedError);
  await client.deleteCollection(name);
}

export async function walkRest(port) {
  const client = new QdrantClient({host: '127.0.0.1', port, timeout: 60_000});
  const api = client.api();
  const functions = Object.getOwnPropertyNames(Object.getPrototypeOf(client)).filter((name) => name !== 'constructor');
  const groups = [record('client', client, functions), record('interface', api, Object.keys(api))];
  const name = 'javascript-rest';
  await walkCollections(client, `${name}-made`);
  await client.createCollection(name, SETTINGS);
  await walkPoints(client, name);
  await walkDeclarations(client, name);
  await walkQueries(client, name);
  await walkService(client, client.api(), name);
  await walkRefusals(client, api, name);
  await walkRateLimit(client, `${name}-strict`);
  await walkChanges(client, name);
  await client.deleteCollection(name);
  const [methods, below] = groups.map((group) => checkAllCalled(group));
  console.log(`rest ok: methods ${methods}, of the generated interface below ${below}`);
}
