// Generated from package.json by "npm run generate". Do not edit.
export const VERSION = '1.0.0-rc.7'
