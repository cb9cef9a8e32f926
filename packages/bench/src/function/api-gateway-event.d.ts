export function apiGatewayEvent(bytes: number): unknown;
