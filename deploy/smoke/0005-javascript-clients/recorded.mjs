// Notes which functions of a client were called, so that a walk can show that it left none out.
import assert from 'node:assert/strict';

const called = new Set();

// Replaces every function that the names stand for by one that notes its call.
export function record(group, target, names) {
  for (const name of names) {
    const original = target[name];
    target[name] = (...parameters) => {
      called.add(`${group}.${name}`);
      return original.apply(target, parameters);
    };
  }
  return {group, target, names};
}

// Fails for a function that was never called, so also for one that a new version brings.
export function checkAllCalled({group, names}, exceptions = {}) {
  const missing = names.filter((name) => !called.has(`${group}.${name}`) && !(name in exceptions));
  assert.deepEqual(missing, [], `${group}: never called`);
  const stale = Object.keys(exceptions).filter((name) => !names.includes(name) || called.has(`${group}.${name}`));
  assert.deepEqual(stale, [], `${group}: no exceptions any more`);
  return names.length;
}

// Waits for a call that must be refused with a code, and with texts in its message or its body.
export async function refused(call, code, ...texts) {
  let answer;
  try {
    answer = await call;
  } catch (refusal) {
    const told = `${refusal.message} ${JSON.stringify(refusal.data ?? {})}`;
    assert.equal(refusal.status ?? refusal.code, code, told);
    texts.forEach((text) => assert.ok(told.includes(text), `refused without "${text}": ${told}`));
    return refusal;
  }
  throw new assert.AssertionError({message: `not refused with ${code}: ${JSON.stringify(answer)}`});
}
