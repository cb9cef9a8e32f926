import { useEffect, useState } from 'preact/hooks';
import type { Payloads } from '../../src/recording/recording.ts';
import { bytes } from '../state/format.ts';
import { payloadText } from '../state/payload-text.ts';
import { ScrollText } from './scroll-text.tsx';
import { useStore } from './use-store.ts';

/** The payloads of a request; asked for again when it has been answered. */
export function usePayloads(
  requestId: string | undefined,
  isAnswered: boolean,
): Payloads | undefined {
  const store = useStore();
  const [payloads, setPayloads] = useState<Payloads>();
  // Also when there is an answer: before, the response is not known.
  useEffect(() => {
    setPayloads(undefined);
    if (requestId === undefined) return;
    let isCurrent = true;
    store
      .loadPayloads(requestId)
      .catch(() => undefined)
      .then((loaded) => isCurrent && setPayloads(loaded));
    return () => {
      isCurrent = false;
    };
  }, [store, requestId, isAnswered]);
  return payloads;
}

export function PayloadView({
  payload,
  name,
}: {
  readonly payload: Payloads['event'];
  readonly name: string;
}) {
  if (!payload) return <p class="remark">The {name} is not kept.</p>;
  const { text, isJson, remark } = payloadText(payload);
  return (
    <div class="payload">
      <p class="remark">
        {bytes(payload.bytes)}
        {isJson ? ', formatted' : ''}. {remark}
      </p>
      <ScrollText label={name} text={text} />
    </div>
  );
}
