const HOW_TO_SHARE =
  'All environments share the network of this machine, unlike on Lambda. ' +
  'What listens on the host name sandbox.localdomain has an address of its own in each environment, on Lambda too.';

/** Why a function has one environment only. */
export const STAYS_ALONE =
  'A second environment wanted a port that the first one has: this function keeps one environment, and requests wait for it. ' +
  HOW_TO_SHARE;

/** For the first environment of a function. */
export const TAKEN_BY_OTHERS =
  'The function or an extension wants a port that another function, its own version before a change, or another program has. ' +
  `Stop that one, or change the port. ${HOW_TO_SHARE}`;
