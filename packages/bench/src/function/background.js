// The background handler that is measured: a no-op job.
export async function handler() {}
