// The same reply as the proxy's, without a hand-off.
export async function handler() {
  return { statusCode: 200, body: 'ok' };
}
