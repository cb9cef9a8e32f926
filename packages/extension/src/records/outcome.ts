/** Why a job failed permanently, as its record says: two of Lambda's conditions, two of ours. */
export type FailureCondition =
  /** No attempt is left, or the handler said that a retry cannot help. */
  | 'RetriesExhausted'
  | 'EventAgeExceeded'
  /** The invocation's time does not allow another attempt, or ended this one. Ours. */
  | 'DeadlineExceeded'
  /** Lambda is ending the environment. Ours. */
  | 'EnvironmentShutdown';

/** How a job ended. */
export type Outcome =
  | {
      readonly condition: 'Success';
      /** What the handler returned, as JSON; `null` where nobody wants it, or JSON cannot hold it. */
      readonly result: string;
      /** Why a result that was wanted is missing. */
      readonly omitted?: string | undefined;
    }
  | {
      readonly condition: FailureCondition;
      readonly errorType: string;
      readonly errorMessage: string;
      readonly stackTrace: readonly string[];
    };

/** How a job ended that failed permanently, with what is known of its last attempt. */
export function failureOutcome(
  condition: FailureCondition,
  {
    errorType,
    errorMessage,
    stackTrace,
  }: {
    readonly errorType: string;
    readonly errorMessage: string;
    readonly stackTrace: readonly string[];
  },
): Outcome {
  return { condition, errorType, errorMessage, stackTrace };
}
