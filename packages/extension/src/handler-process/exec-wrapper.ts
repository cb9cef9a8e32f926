/** The script of Lambda Web Adapter: it starts the function's web application, and not what it is given. */
const WEB_ADAPTER = '/opt/bootstrap';

/**
 * The program through which Lambda starts the function's runtime, such as that of a tracer's layer. It gets the command
 * of the runtime as its arguments, prepares the environment, and executes them.
 *
 * @returns undefined where there is none, or none for another program than the runtime
 * @see Lambda, "Modifying the runtime environment", wrapper scripts
 */
export function execWrapper({ AWS_LAMBDA_EXEC_WRAPPER: path }: NodeJS.ProcessEnv) {
  return path === WEB_ADAPTER ? undefined : path || undefined;
}
