/**
 * Short names for environments, in the order they first appear: `report·1`, `report·2`. An environment
 * serves one request at a time, so its name tells the lines of simultaneous requests apart.
 */
export function createEnvironmentNames(): (functionName: string, environmentId: string) => string {
  const known = new Map<string, string[]>();
  return (functionName, environmentId) => {
    if (environmentId === '') return functionName;
    const ids = known.get(functionName) ?? [];
    known.set(functionName, ids);
    if (!ids.includes(environmentId)) ids.push(environmentId);
    return `${functionName}·${ids.indexOf(environmentId) + 1}`;
  };
}
