export { memoryDocuments } from '../../../src/testing/memory-documents'
