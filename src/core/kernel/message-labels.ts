// What a message is called on canvas and list, which family it is of, and the family of a frame without decoding it.

import { parseObjectName } from '../object-store/object-name.ts';
import type { MessageFamily, MessageLabel } from './door.ts';
import { type Message, type MessageKind, messageKinds } from './messages.ts';

/** Group and LSNs of an object, from its name. */
function labelOfObject(kind: string, name: string): MessageLabel {
  const object = parseObjectName(name);
  const label = plain(kind, 'archive');
  if (object?.kind === 'log') return { ...label, group: object.group, range: [object.first, object.last] };
  if (object?.kind === 'base')
    return { ...label, group: object.group, range: [object.base, object.base + 1] };
  return label;
}

const plain = (kind: string, family: MessageLabel['family']): MessageLabel => ({
  kind,
  family,
  group: null,
  range: null,
  token: null,
});

/** Label and family of a message, for the canvas and the list of messages in flight. */
export function describeMessage(m: Message): MessageLabel {
  switch (m.kind) {
    case 'WriteBatch':
      return { kind: m.kind, family: 'wal', group: m.group, range: [m.first, m.last + 1], token: m.token };
    case 'Heartbeat':
      return { kind: m.kind, family: 'heartbeat', group: m.group, range: null, token: m.token };
    case 'WriteAck':
      return { kind: m.kind, family: 'ack', group: m.group, range: [m.scl, m.scl + 1], token: m.token };
    case 'ReadPage':
      return {
        kind: m.kind,
        family: 'pageRead',
        group: m.group,
        range: null,
        token: null,
        blockKey: m.blockKey,
      };
    case 'PageReply':
      return {
        kind: m.kind,
        family: 'pageReply',
        group: m.group,
        range: null,
        token: m.maxToken,
        blockKey: m.blockKey,
      };
    case 'PageFetch':
      return { kind: m.kind, family: 'pageRead', group: m.group, range: null, token: null };
    case 'PageCopy':
      return { kind: m.kind, family: 'pageReply', group: m.group, range: null, token: null };
    case 'GapReq':
      return { kind: m.kind, family: 'holeRequest', group: m.group, range: [m.first, m.last], token: null };
    case 'GapReply': {
      const first = m.parts[0];
      const last = m.parts[m.parts.length - 1];
      return {
        kind: m.kind,
        family: 'holeFill',
        group: m.group,
        range: first && last ? [first.first, last.last] : null,
        token: null,
      };
    }
    case 'StatusReq':
    case 'StatusReply':
      return { kind: m.kind, family: 'control', group: m.group, range: null, token: null };
    case 'SqlRequest':
    case 'SqlClose':
      return plain(m.kind, 'sqlRequest');
    case 'SqlReply':
      return plain(m.kind, 'sqlReply');
    case 'NodeBeat':
    case 'NodeBeatOk':
      return plain(m.kind, 'heartbeat');
    case 'InstallToken':
    case 'CreateReplica':
      return { kind: m.kind, family: 'fence', group: m.descriptor.group, range: null, token: m.token };
    case 'InstallAck':
      return { kind: m.kind, family: 'fence', group: m.group, range: null, token: m.maxToken };
    case 'RecoveryRead':
    case 'InstallHistory':
    case 'HistoryAck':
    case 'OpenVolume':
    case 'OpenAck':
      return { kind: m.kind, family: 'fence', group: m.group, range: null, token: m.token };
    case 'RecoveryInfo':
      return { kind: m.kind, family: 'fence', group: m.group, range: null, token: m.maxToken };
    case 'InstallMembers':
      return { kind: m.kind, family: 'fence', group: m.descriptor.group, range: null, token: null };
    case 'MembersAck':
      return { kind: m.kind, family: 'fence', group: m.group, range: null, token: m.maxToken };
    case 'RestoreReplica':
      return { ...plain(m.kind, 'archive'), group: m.descriptor.group };
    case 'RestoreReport':
    case 'DropReplica':
      return { ...plain(m.kind, 'archive'), group: m.group };
    case 'BaseReq':
      return { kind: m.kind, family: 'holeRequest', group: m.group, range: null, token: null };
    case 'BaseChunk':
      return { kind: m.kind, family: 'holeFill', group: m.group, range: null, token: null };
    case 'Confirm':
      return { kind: m.kind, family: 'fence', group: m.group, range: null, token: m.token };
    case 'PutObject':
    case 'ObjectPut':
    case 'GetObject':
    case 'ObjectPart':
      return labelOfObject(m.kind, m.name);
    case 'GetManifest':
    case 'ManifestIs':
    case 'SetManifest':
    case 'ManifestSet':
    case 'CheckObjects':
    case 'ObjectsMissing':
    case 'PinObjects':
    case 'ObjectsPinned':
      return plain(m.kind, 'archive');
    case 'ConfirmReply':
      return { kind: m.kind, family: 'fence', group: m.group, range: null, token: m.maxToken };
    default:
      return plain(m.kind, 'control');
  }
}

/** Families that are not `control`, by kind. */
const families: { readonly [K in MessageKind]?: MessageFamily } = {
  WriteBatch: 'wal',
  Heartbeat: 'heartbeat',
  WriteAck: 'ack',
  ReadPage: 'pageRead',
  PageReply: 'pageReply',
  PageFetch: 'pageRead',
  PageCopy: 'pageReply',
  GapReq: 'holeRequest',
  GapReply: 'holeFill',
  SqlRequest: 'sqlRequest',
  SqlClose: 'sqlRequest',
  SqlReply: 'sqlReply',
  NodeBeat: 'heartbeat',
  NodeBeatOk: 'heartbeat',
  InstallToken: 'fence',
  CreateReplica: 'fence',
  InstallAck: 'fence',
  RecoveryRead: 'fence',
  InstallHistory: 'fence',
  HistoryAck: 'fence',
  OpenVolume: 'fence',
  OpenAck: 'fence',
  RecoveryInfo: 'fence',
  Confirm: 'fence',
  ConfirmReply: 'fence',
  PutObject: 'archive',
  ObjectPut: 'archive',
  GetObject: 'archive',
  ObjectPart: 'archive',
  GetManifest: 'archive',
  ManifestIs: 'archive',
  SetManifest: 'archive',
  ManifestSet: 'archive',
  CheckObjects: 'archive',
  ObjectsMissing: 'archive',
  PinObjects: 'archive',
  ObjectsPinned: 'archive',
  RestoreReplica: 'archive',
  RestoreReport: 'archive',
  DropReplica: 'archive',
};
const familyByIndex: readonly MessageFamily[] = messageKinds.map((kind) => families[kind] ?? 'control');

/** Where the kind's index stands: behind checksum, version and the trace id, whose length varies. */
export function familyOfFrame(bytes: Uint8Array): MessageFamily {
  let at = 5;
  while (at < bytes.length && (bytes[at] as number) >= 0x80) at++;
  return familyByIndex[bytes[at + 1] ?? -1] ?? 'control';
}
