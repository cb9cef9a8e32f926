// What JSX becomes in the bundle: shorter than with the automatic runtime, whose every element names its children.
export { Fragment, h } from 'preact';
