/** ZeroMQ RFC 32: no sign of it has to be escaped in a string of JavaScript or JSON. */
const SIGNS = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#'

/**
 * Runs where the script does, as it stands here: nothing but what Node itself has, and no word that another tool adds. It runs
 * once and cold, so it is written for that: bytes in and out, and no call for each of them.
 */
const DECODER = `function(t,n,a){for(var B=require("buffer").Buffer,s=B.from(t,"latin1"),b=B.alloc(s.length/5*4),m=B.alloc(128),i=0,o=0,v;i<85;i++)m[a.charCodeAt(i)]=i;for(i=0;i<s.length;i+=5){v=m[s[i]]*52200625+m[s[i+1]]*614125+m[s[i+2]]*7225+m[s[i+3]]*85+m[s[i+4]];b[o++]=v>>>24;b[o++]=v>>>16;b[o++]=v>>>8;b[o++]=v}return b.subarray(0,n)}`

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
