// Short ways to the messages of @qdrant/js-client-grpc and back.
import {toDenseVector, toMultiDenseVector, toSparseVector} from '@qdrant/js-client-grpc';

// A oneof of a message: which of its fields, and its value.
export const one = (field, value) => ({case: field, value});

export const pointId = (id) => ({
  pointIdOptions: typeof id === 'string' ? one('uuid', id) : one('num', BigInt(id)),
});

export function plainId({pointIdOptions: {value}}) {
  return typeof value === 'bigint' && Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

export function value(plain) {
  if (plain === null) return {kind: one('nullValue', 0)};
  if (Array.isArray(plain)) return {kind: one('listValue', {values: plain.map(value)})};
  switch (typeof plain) {
    case 'string': return {kind: one('stringValue', plain)};
    case 'boolean': return {kind: one('boolValue', plain)};
    case 'number':
      return {kind: Number.isInteger(plain) ? one('integerValue', BigInt(plain)) : one('doubleValue', plain)};
    default: return {kind: one('structValue', {fields: payload(plain)})};
  }
}

export const payload = (plain) =>
  Object.fromEntries(Object.entries(plain).map(([key, inner]) => [key, value(inner)]));

function plainValue({kind}) {
  switch (kind.case) {
    case 'nullValue': return null;
    case 'listValue': return kind.value.values.map(plainValue);
    case 'structValue': return plainPayload(kind.value.fields);
    case 'integerValue': return Number(kind.value);
    default: return kind.value;
  }
}

export const plainPayload = (message) =>
  Object.fromEntries(Object.entries(message).map(([key, inner]) => [key, plainValue(inner)]));

export const dense = (data) => one('dense', {data});
export const sparse = (vector) => one('sparse', vector);
export const rows = (vectors) => one('multiDense', {vectors: vectors.map((data) => ({data}))});

export const named = (vectors) => ({vectorsOptions: one('vectors', {vectors})});
export const vectorsOf = (point) =>
  named({plot: {vector: dense(point.plot)}, words: {vector: sparse(point.words)}, pages: {vector: rows(point.pages)}});

// Names and plain vectors of an answer, through the client's own helpers.
export function plainVectors(output) {
  const plain = (vector) => {
    const single = toDenseVector(vector);
    if (single) return [...single.data];
    const weights = toSparseVector(vector);
    if (weights) return {indices: [...weights.indices], values: [...weights.values]};
    return toMultiDenseVector(vector).vectors.map((row) => [...row.data]);
  };
  const entries = Object.entries(output.vectorsOptions.value.vectors).map(([name, vector]) => [name, plain(vector)]);
  return Object.fromEntries(entries);
}

export const chosen = (...ids) => ({pointsSelectorOneOf: one('points', {ids: ids.map(pointId)})});
export const filtered = (filter) => ({pointsSelectorOneOf: one('filter', filter)});
export const include = (...names) => ({selectorOptions: one('include', {fields: names})});
export const includeNames = (...names) => ({selectorOptions: one('include', {names})});
export const enable = (is = true) => ({selectorOptions: one('enable', is)});

// Conditions on one field.
export const field = (key, condition) => ({conditionOneOf: one('field', {key, ...condition})});
export const match = (key, wanted) => {
  const kinds = {string: ['keyword', wanted], number: ['integer', typeof wanted === 'number' ? BigInt(wanted) : 0n]};
  return field(key, {match: {matchValue: one(...(kinds[typeof wanted] ?? ['boolean', wanted]))}});
};
export const has = (...must) => ({must});

export const nearest = (variant) => ({variant: one('nearest', {variant})});
