// Six small points whose every score is known; see library.py of 0001-python-client, which has the same.
import assert from 'node:assert/strict';

export const UUID = '550e8400-e29b-41d4-a716-446655440000';
export const IDS = [1, 2, 3, 4, 5, UUID];

// id, dense vector, sparse vector, rows of a multivector, payload
export const POINTS = [
  [1, [1, 0, 0], {indices: [1, 5], values: [1, 2]}, [[1, 0], [0, 1]],
    {colour: 'red', n: 1, price: 10.5, tags: ['a', 'b'], place: {lon: 13.4, lat: 52.5}, title: 'the quick brown fox'}],
  [2, [0, 1, 0], {indices: [2], values: [1]}, [[0.5, 0.5]], {colour: 'green', n: 2, price: 20.25, old: true}],
  [3, [0, 0, 1], {indices: [1], values: [3]}, [[0, 3]],
    {colour: 'red', n: 3, place: {lon: 2.35, lat: 48.85}, tags: []}],
  [4, [1, 1, 0], {indices: [5], values: [1]}, [[4, 0]], {colour: 'blue', n: 4, title: 'quick and slow'}],
  [5, [0, 1, 1], {indices: [2, 5], values: [2, 0.5]}, [[2.5, 2.5], [0, 0.5]],
    {colour: 'green', n: 5, sold: '2024-05-01T00:00:00Z', gone: null}],
  [UUID, [1, 1, 1], {indices: [7], values: [1]}, [[6, 0]], {colour: 'red', n: 6, price: -1.5}],
].map(([id, plot, words, pages, payload]) => ({id, plot, words, pages, payload}));

export const payloadOf = (id) => POINTS.find((point) => point.id === id).payload;

// What is asked, and the answers, best first.
export const PLOT = [4, 2, 1];
export const PLOT_SCORES = [[UUID, 7], [4, 6], [1, 4], [5, 3], [2, 2], [3, 1]];
export const WORD = {indices: [1, 5], values: [1, 2]};
export const WORD_SCORES = [[1, 5], [3, 3], [4, 2], [5, 1]];
export const PAGE = [[1, 0], [0, 1]];
export const PAGE_SCORES = [[UUID, 6], [5, 5], [4, 4], [3, 3], [1, 2], [2, 1]];

// Fused by rank, best first: 1 / (2 + place) of each ranking, places from 0.
export function reciprocalRanks(...rankings) {
  const sums = new Map();
  for (const ranking of rankings) {
    ranking.forEach(([id], place) => sums.set(id, (sums.get(id) ?? 0) + 1 / (2 + place)));
  }
  return [...sums].sort((a, b) => b[1] - a[1]);
}

export function product(one, other) {
  const [a, b] = [one, other].map((id) => POINTS.find((point) => point.id === id).plot);
  return a.reduce((sum, x, i) => sum + x * b[i], 0);
}

// Found points as [id, score], compared with what is expected.
export function checkScores(found, expected, what) {
  assert.deepEqual(found.map(([id]) => id), expected.map(([id]) => id), what);
  found.forEach(([id, score], i) => {
    assert.ok(Math.abs(score - expected[i][1]) < 1e-5, `${what}: ${id} has ${score}, not ${expected[i][1]}`);
  });
}
