/** What forms answer before anything is sent, and what they say when what they are about is gone: it is loaded with them. */
export const forms = {
  noDay: 'Write the year of a day in four digits, like 2026.',
  chooseStage: 'Choose a stage',
  stageGone: 'The stage is not there any more. Choose another one.',
  pipelineGone: 'The pipeline was deleted. What you typed stays here; it can be saved once the pipeline is back.',
  cardGone: 'The card was deleted, or you may not see it any more. What you typed stays here; it can be saved once the card is back.',
  longTag: (tag: string, most: number) => `“${tag}” is too long: a tag has at most ${most} characters.`,
};
