package seal

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"math/big"
)

const base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// TokenSize is how many characters a token has behind its prefix: they hold 256 bits.
const TokenSize = 43

// Token makes a random text in base 62 behind a prefix, to be shown once. What is kept of it is its Hash.
func Token(prefix string) string {
	b := []byte(prefix)
	for range TokenSize {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(len(base62))))
		if err != nil { // the system has no randomness: nothing may go on
			panic("seal: " + err.Error())
		}
		b = append(b, base62[n.Int64()])
	}
	return string(b)
}

// Hash is what is stored of a token, and what it is looked up by: SHA-256 in hex.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
