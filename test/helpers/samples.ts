/** One line of the text format of Prometheus. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export const samplesOf = (text: string): readonly Sample[] =>
  text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', , labels = '', value = ''] = /^([a-z_]+)(\{(.*)\})? (\S+)$/.exec(line) ?? []
      return {
        name,
        labels: Object.fromEntries(
          [...labels.matchAll(/([a-z]+)="([^"]*)"/g)].map(([, label, given]) => [
            String(label),
            String(given),
          ]),
        ),
        value: Number(value),
      }
    })

/** Of the one sample with this name and these labels; undefined where there is none. */
export const valueIn = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined =>
  samples.find(
    (sample) =>
      sample.name === `bank_withdrawal_${name}` &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value
