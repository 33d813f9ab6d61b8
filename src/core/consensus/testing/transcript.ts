// Runs a Raft transcript: commands and the trace they leave (as etcd/raft's testdata). The files in testdata/ hold both; a line
// with `> ` is a command, what follows it is what it must print.
//   members 1 2 3 [+ 4]        new members with this configuration and empty logs in term 0
//   node N term T [vote V] log T T T     one of them with this log on its disk
//   N timeout | impatient | wake | heartbeat | propose TEXT | read ID | transfer M | compact I TEXT | members V … [+ L …] | invalidateIdentity
//   deliver [FROM TO [KIND]] | drop FROM TO | settle [N …] | inject FROM TO TERM KIND key=value …
//   disk N slow|fast | sync N | crash N [KEPT] | restart N [witness BOOT TERM MATCH] | show N … | wait US | limit NAME VALUE
//   quiet COMMAND              the same without a trace

import { present } from '../../../base/assert.ts';
import { type Configuration, type MemberId, memberId } from '../configuration.ts';
import { currentConfig } from '../raft-log.ts';
import type { Entry, Fact, Input, Message, Output, Persist, Raft } from '../raft-types.ts';
import {
  addNode,
  crash,
  deliver,
  deliverWhere,
  endWrite,
  makeCluster,
  nodeOf,
  put,
  raftOf,
  restart,
  settle,
  storedWith,
  type TestCluster,
} from './test-cluster.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();
export const dataOf = (text: string): Uint8Array => encoder.encode(text);

const list = (ids: readonly MemberId[]): string => ids.join(' ');
export function showConfig({ voters, outgoing, learners }: Configuration): string {
  const joint = outgoing.length > 0 ? ` from (${list(outgoing)})` : '';
  return `(${list(voters)})${joint}${learners.length > 0 ? ` + ${list(learners)}` : ''}`;
}

export function showEntry(entry: Entry): string {
  const at = `${entry.index}/${entry.term}`;
  if (entry.kind === 'empty') return at;
  return `${at} ${entry.kind === 'data' ? decoder.decode(entry.data) : showConfig(entry.config)}`;
}

const showEntries = (entries: readonly Entry[]): string => `[${entries.map(showEntry).join(', ')}]`;

export function showMessage(message: Message): string {
  const head = `${message.from}→${message.to} ${message.kind} t${message.term}`;
  switch (message.kind) {
    case 'PreVote':
      return `${head} log ${message.lastIndex}/${message.lastTerm}`;
    case 'RequestVote':
      return `${head} log ${message.lastIndex}/${message.lastTerm}${message.transfer ? ' transfer' : ''}`;
    case 'PreVoteReply':
    case 'VoteReply':
      return `${head} ${message.granted ? 'granted' : 'refused'}`;
    case 'Append': {
      const { prevIndex, prevTerm, entries, commit, round } = message;
      return `${head} prev ${prevIndex}/${prevTerm} ${showEntries(entries)} commit ${commit} round ${round}`;
    }
    case 'AppendReply': {
      const { ok, match, conflictTerm, conflictFirst, lastIndex, round } = message;
      const hint = ok ? '' : ` conflict term ${conflictTerm} from ${conflictFirst}`;
      return `${head} ${ok ? 'ok' : 'refused'} ${match}${hint} last ${lastIndex} round ${round}`;
    }
    case 'Snapshot': {
      const { lastIndex, lastTerm, config, offset, bytes, totalBytes } = message;
      return `${head} ${lastIndex}/${lastTerm} ${showConfig(config)} bytes ${offset}+${bytes.length} of ${totalBytes}`;
    }
    case 'SnapshotReply':
      return `${head} ${message.lastIndex} next ${message.nextOffset}`;
    case 'TimeoutNow':
      return head;
  }
}

function showFact(fact: Fact): string {
  switch (fact.kind) {
    case 'role':
      return `is ${fact.role} in term ${fact.term}`;
    case 'voted':
      return `votes for ${fact.for} in term ${fact.term}`;
    case 'appended':
      return `appends ${fact.first}…${fact.last}`;
    case 'truncated':
      return `truncates from ${fact.from}`;
    case 'committed':
      return `commits ${fact.index}`;
    case 'configured':
      return `has configuration ${showConfig(fact.config)} of ${fact.index}`;
    case 'compacted':
      return `compacts to ${fact.index}, log from ${fact.logFrom}`;
    case 'installed':
      return `installs snapshot ${fact.index}/${fact.term}`;
    case 'snapshotBegun':
      return `begins snapshot ${fact.index} to ${fact.to}`;
    case 'snapshotDamaged':
      return `finds snapshot ${fact.index} from ${fact.from} damaged`;
    case 'transferBegun':
    case 'transferEnded':
      return `${fact.kind === 'transferBegun' ? 'begins' : 'ends'} transfer to ${fact.to}`;
    case 'dropped':
      return `drops ${fact.what} of ${fact.from}: ${fact.why}`;
    case 'amnesiac':
      return `forgot its promises: ${fact.why}`;
  }
}

function showPersist({ snapshot, cutThrough, hardState, log, promises }: Persist): string {
  const parts = [
    ...(snapshot === null
      ? []
      : [`snapshot ${snapshot.index}/${snapshot.term}, log cut through ${cutThrough}`]),
    ...(hardState === null ? [] : [`term ${hardState.term} vote ${hardState.votedFor ?? '–'}`]),
    ...(log === null ? [] : [`log from ${log.from} ${showEntries(log.entries)}`]),
  ];
  const then = promises.length === 0 ? '' : `, then ${promises.map(showMessage).join('; ')}`;
  return `writes ${parts.length === 0 ? 'nothing' : parts.join(', ')}${then}`;
}

export function showOutput(id: MemberId, output: Output): string[] {
  const lines = output.facts.map(showFact);
  if (output.accepted !== null) lines.push(`accepts ${output.accepted.index}/${output.accepted.term}`);
  if (output.refused !== null)
    lines.push(`refuses ${output.refused.code}, leader ${output.refused.leader ?? '–'}`);
  if (output.persist !== null) lines.push(showPersist(output.persist));
  if (output.restore !== null) lines.push(`restores ${decoder.decode(output.restore.bytes)}`);
  if (output.committed.length > 0) lines.push(`applies ${showEntries(output.committed)}`);
  for (const { id: read, index } of output.reads) lines.push(`read ${read} at ${index}`);
  if (output.lostReads.length > 0) lines.push(`loses reads ${output.lostReads.join(' ')}`);
  return [
    ...lines.map((line) => `  ${id} ${line}`),
    ...output.messages.map((one) => `  ${showMessage(one)}`),
  ];
}

function showRaft(raft: Raft): string {
  const { config, role, term, votedFor, leader, log, commit, applied } = raft;
  const head = `${config.self} ${role} t${term} vote ${votedFor ?? '–'} leader ${leader ?? '–'}`;
  const entries = log.entries.map((entry) => entry.term).join(' ');
  return `  ${head} log ${log.baseIndex}/${log.baseTerm}|${entries} commit ${commit} applied ${applied} ${showConfig(currentConfig(log))}`;
}

interface Run {
  cluster: TestCluster;
  trace: string[];
}

/** The text again, with what its commands really print. */
export function runTranscript(text: string): string {
  const run: Run = { cluster: makeCluster(1), trace: [] };
  run.cluster.onOutput = ({ id }, output) => run.trace.push(...showOutput(id, output));
  const lines: string[] = [];
  for (const line of text.trim().split('\n')) {
    if (line.startsWith('#') || line === '') lines.push(line);
    if (!line.startsWith('> ')) continue;
    const words = line.slice(2).split(/\s+/);
    const isQuiet = words[0] === 'quiet';
    run.trace = [];
    command(run, isQuiet ? words.slice(1) : words);
    lines.push(line, ...(isQuiet ? [] : run.trace));
  }
  return lines.join('\n');
}

const numbers = (words: readonly string[]): number[] => words.map(Number);

/** `1 2 3 + 4` as voters and learners. */
function parseMembers(words: readonly string[]): { voters: MemberId[]; learners: MemberId[] } {
  const plus = words.indexOf('+');
  const ids = (some: readonly string[]): MemberId[] => numbers(some).map(memberId);
  return plus < 0
    ? { voters: ids(words), learners: [] }
    : { voters: ids(words.slice(0, plus)), learners: ids(words.slice(plus + 1)) };
}

function command(run: Run, [verb = '', ...rest]: readonly string[]): void {
  const { cluster } = run;
  if (/^\d+$/.test(verb)) ask(cluster, Number(verb), rest);
  else take(run, verb, rest);
}

function take(run: Run, verb: string, rest: readonly string[]): void {
  const { cluster } = run;
  const [a = 0, b = 0] = numbers(rest);
  switch (verb) {
    case 'limit':
      cluster.limits = { ...cluster.limits, [rest[0] ?? '']: b };
      break;
    case 'members': {
      const { voters, learners } = parseMembers(rest);
      for (const id of [...voters, ...learners]) addNode(cluster, storedWith(id, voters, 0, [], learners));
      break;
    }
    case 'node':
      replaceNode(cluster, a, rest);
      break;
    case 'deliver':
      deliverWhere(
        cluster,
        ({ from, to, kind }) => a === 0 || (from === a && to === b && kind === (rest[2] ?? kind)),
      );
      break;
    case 'drop':
      cluster.flights = cluster.flights.filter(({ from, to }) => from !== a || to !== b);
      break;
    case 'settle': {
      const among = numbers(rest);
      settle(cluster, ({ from, to }) => among.length === 0 || (among.includes(from) && among.includes(to)));
      break;
    }
    case 'inject':
      deliver(cluster, parseMessage(rest));
      break;
    case 'disk':
      nodeOf(cluster, a).isSlow = rest[1] === 'slow';
      break;
    case 'sync':
      endWrite(cluster, a);
      break;
    case 'crash':
      crash(cluster, a, b);
      break;
    case 'restart': {
      const [bootEpoch = 0, term = 0, match = 0] = numbers(rest.slice(2));
      restart(cluster, a, rest[1] === 'witness' ? { bootEpoch, term, match } : null);
      break;
    }
    case 'show':
      run.trace.push(...numbers(rest).map((id) => showRaft(raftOf(cluster, id))));
      break;
    case 'wait':
      cluster.now += a;
      break;
    default:
      throw new Error(`unknown command ${verb}`);
  }
}

function replaceNode(cluster: TestCluster, id: number, words: readonly string[]): void {
  const valueAfter = (name: string): number => Number(words[words.indexOf(name) + 1]);
  const terms = numbers(words.slice(words.indexOf('log') + 1));
  const entries = terms.map(
    (term, i): Entry => ({ index: i + 1, term, kind: 'data', data: dataOf(`d${i + 1}`) }),
  );
  const { voters, learners } = currentConfig(raftOf(cluster, id).log);
  const stored = storedWith(memberId(id), voters, valueAfter('term'), entries, learners);
  const votedFor = words.includes('vote') ? memberId(valueAfter('vote')) : null;
  addNode(cluster, { ...stored, hardState: { ...stored.hardState, votedFor } });
}

/** Lets the clock come to a timer of the node, whatever the others' timers say. */
function wakeAt(cluster: TestCluster, id: number, at: number): void {
  cluster.now = Math.max(cluster.now, at);
  put(cluster, id, { kind: 'wake' });
}

function ask(cluster: TestCluster, id: number, [verb = '', ...rest]: readonly string[]): void {
  const { clock } = raftOf(cluster, id);
  const first = rest[0] ?? '';
  if (verb === 'impatient') clock.electionAt = cluster.now;
  const timers = {
    timeout: clock.electionAt,
    heartbeat: clock.heartbeatAt,
    impatient: cluster.now,
    wake: cluster.now,
  };
  if (Object.hasOwn(timers, verb)) wakeAt(cluster, id, timers[verb as keyof typeof timers]);
  else put(cluster, id, makeRequest(verb, first, rest));
}

function makeRequest(verb: string, first: string, rest: readonly string[]): Input {
  const inputs: Record<string, () => Input> = {
    propose: () => ({ kind: 'propose', data: dataOf(first) }),
    read: () => ({ kind: 'read', id: Number(first) }),
    transfer: () => ({ kind: 'transfer', to: memberId(Number(first)) }),
    compact: () => ({ kind: 'compact', index: Number(first), bytes: dataOf(rest.slice(1).join(' ')) }),
    members: () => ({ kind: 'changeMembers', target: parseMembers(rest) }),
    invalidateIdentity: () => ({ kind: 'invalidateIdentity', why: 'older' }),
  };
  return present(inputs[verb], 'request', verb)();
}

/** `FROM TO TERM KIND key=value …`; entries as their terms, from the one after prevIndex. */
function parseMessage([from, to, term, kind, ...pairs]: readonly string[]): Message {
  const fields: Record<string, unknown> = {};
  for (const pair of pairs) {
    const [name = '', value = ''] = pair.split('=');
    fields[name] = value === 'true' || value === 'false' ? value === 'true' : Number(value);
    if (name === 'entries') {
      const first = Number(fields.prevIndex) + 1;
      const terms = value === '' ? [] : numbers(value.split(','));
      fields.entries = terms.map((one, i) => ({
        index: first + i,
        term: one,
        kind: 'data',
        data: dataOf(`x${first + i}`),
      }));
    }
  }
  if (kind === 'Snapshot') fields.bytes = new Uint8Array(0);
  return { from: Number(from), to: Number(to), term: Number(term), kind, ...fields } as unknown as Message;
}
