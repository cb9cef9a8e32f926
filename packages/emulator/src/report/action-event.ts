/** Something that the user did on the page. */
export interface ActionEvent {
  readonly at: number;
  readonly type: 'action';
  readonly functionName?: string;
  readonly environmentId?: string;
  /** In words: "freeze", "kill the runtime". */
  readonly text: string;
}
