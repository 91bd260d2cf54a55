// Package seal keeps secrets that must be read again (AES-256-GCM) and tells texts apart without keeping them
// (HMAC-SHA-256). One key of the deployment stands behind both; each purpose has a key of its own, derived by HKDF, so
// that what was made for one purpose is worth nothing for another.
package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
)

// KeySize is the size of the deployment's key in bytes.
const KeySize = 32

// ErrBroken says that a sealed text is not what was sealed for this purpose and place.
var ErrBroken = errors.New("seal: not sealed with this key for this place")

// Box seals and opens.
type Box struct{ key []byte }

// New makes a box of a key of KeySize random bytes.
func New(key []byte) (*Box, error) {
	if len(key) != KeySize {
		return nil, fmt.Errorf("seal: the key has %d bytes, it must have %d", len(key), KeySize)
	}
	return &Box{append([]byte(nil), key...)}, nil
}

// Seal encrypts a text for a purpose ("mail", "secret" …) and a place, such as the id of its row: it opens nowhere else.
func (b *Box) Seal(purpose, place string, plain []byte) []byte {
	gcm := b.gcm(purpose)
	nonce := make([]byte, gcm.NonceSize(), gcm.NonceSize()+len(plain)+gcm.Overhead())
	if _, err := rand.Read(nonce); err != nil { // the system has no randomness: nothing may go on
		panic("seal: " + err.Error())
	}
	return gcm.Seal(nonce, nonce, plain, []byte(place))
}

// Open decrypts what Seal made for the same purpose and place; ErrBroken for anything else.
func (b *Box) Open(purpose, place string, sealed []byte) ([]byte, error) {
	gcm := b.gcm(purpose)
	if len(sealed) < gcm.NonceSize() {
		return nil, ErrBroken
	}
	plain, err := gcm.Open(nil, sealed[:gcm.NonceSize()], sealed[gcm.NonceSize():], []byte(place))
	if err != nil {
		return nil, ErrBroken
	}
	return plain, nil
}

// MAC gives 32 bytes that tell the parts from any others. Compare with hmac.Equal.
func (b *Box) MAC(purpose string, parts ...string) []byte {
	m := hmac.New(sha256.New, b.derive("mac "+purpose))
	for _, p := range parts {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(p)))
		m.Write(n[:])
		m.Write([]byte(p))
	}
	return m.Sum(nil)
}

func (b *Box) gcm(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(b.derive("seal " + purpose))
	if err != nil {
		panic("seal: " + err.Error()) // the derived key has the right size
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return gcm
}

func (b *Box) derive(info string) []byte {
	key, err := hkdf.Key(sha256.New, b.key, nil, "tideboard "+info, KeySize)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return key
}
