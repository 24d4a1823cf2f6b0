/** How much something should catch the eye. */
export type Tone = 'plain' | 'info' | 'good' | 'warn' | 'bad'
