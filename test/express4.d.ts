/** The same package under another name, so that hosts on both versions can be tested. */
declare module 'express4' {
  import express from 'express'
  export = express
}
