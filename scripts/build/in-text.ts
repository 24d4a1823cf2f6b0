/** ZeroMQ RFC 32: no sign of it has to be escaped in a string of JavaScript or JSON. */
const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/** Runs where the script does, as it stands here: nothing but what Node itself has, and no word that another tool adds. */
const DECODER = `function(t,n,a){for(var b=require("buffer").Buffer.alloc(t.length/5*4),m=[],i=0,o=0;i<85;i++)m[a.charCodeAt(i)]=i;for(i=0;i<t.length;o+=4){for(var v=0,e=i+5;i<e;i++)v=v*85+m[t.charCodeAt(i)];b.writeUInt32BE(v,o)}return b.subarray(0,n)}`

/** @returns An expression that is these bytes: four of them in five signs, where base64 needs six. */
export function inText(bytes: Buffer): string {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  let text = ''
  for (let at = 0; at < padded.length; at += 4) {
    let rest = padded.readUInt32BE(at)
    let group = ''
    for (let sign = 0; sign < 5; sign++, rest = Math.floor(rest / 85)) group = `${SIGNS[rest % 85]}${group}`
    text += group
  }
  return `(${DECODER})("${text}",${bytes.length},"${SIGNS}")`
}
