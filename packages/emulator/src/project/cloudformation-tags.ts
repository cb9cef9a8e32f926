import { type CollectionTag, Pair, Scalar, type ScalarTag, YAMLMap } from 'yaml';

const WITHOUT_PREFIX = new Set(['Ref', 'Condition']);

// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
const NAMES = [
  'And',
  'Base64',
  'Cidr',
  'Condition',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Ref',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
];

const longName = (name: string) => (WITHOUT_PREFIX.has(name) ? name : `Fn::${name}`);

// `!GetAtt Resource.Attribute` is the one short form whose text stands for a list.
const fromText = (name: string, text: string) => ({
  [longName(name)]: name === 'GetAtt' ? text.split(/\.(.*)/s, 2) : text,
});

// A node, not a plain value, so that what is inside keeps its place in the file.
function fromCollection(name: string, collection: unknown): YAMLMap {
  const map = new YAMLMap();
  map.items.push(new Pair(new Scalar(longName(name)), collection));
  return map;
}

/** CloudFormation's short forms, for text, a list and a map after the tag: `!Sub x` is `{ 'Fn::Sub': x }`. */
export const cloudFormationTags: (ScalarTag | CollectionTag)[] = NAMES.flatMap((name) => {
  const tag = `!${name}`;
  const resolve = (collection: unknown) => fromCollection(name, collection);
  return [
    { tag, resolve: (text: string) => fromText(name, text) },
    { tag, collection: 'seq' as const, resolve },
    { tag, collection: 'map' as const, resolve },
  ];
});
