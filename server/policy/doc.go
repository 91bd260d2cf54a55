// Package policy holds no code, only tests of what is true of the whole repository: the wall between tenants, told
// operation by operation from the schema; who may import whom; how files, packages and the SDL are written; and that
// no input whatever gets more out of the API than a refusal with a code. It promises that what is added later is held
// to the same without being named here.
package policy
