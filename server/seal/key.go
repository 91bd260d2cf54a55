package seal

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// FileName is where a deployment without a configured key keeps the one it made for itself.
const FileName = "encryption.key"

// Load gives the box of a deployment: of the configured key (base64 of KeySize bytes, the variable ENCRYPTION_KEY), else
// of the one in the directory, which is made at the first start and readable by its owner alone.
func Load(configured, dir string) (*Box, error) {
	if configured != "" {
		key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(configured))
		if err != nil {
			return nil, errors.New("seal: ENCRYPTION_KEY is not base64")
		}
		return New(key)
	}
	path := filepath.Join(dir, FileName)
	for range 2 { // the second time for the one of two processes that came second
		text, err := os.ReadFile(path)
		switch {
		case err == nil:
			key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
			if err != nil {
				return nil, fmt.Errorf("seal: %s is not base64", path)
			}
			return New(key)
		case !errors.Is(err, fs.ErrNotExist):
			return nil, err
		}
		if err := create(dir, path); err != nil && !errors.Is(err, fs.ErrExist) {
			return nil, err
		}
	}
	return nil, fmt.Errorf("seal: %s cannot be read back", path)
}

// create writes a new key beside its place and links it there, so that nobody reads half of one.
func create(dir, path string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	key := make([]byte, KeySize)
	if _, err := rand.Read(key); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, FileName+".*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if _, err := f.WriteString(base64.StdEncoding.EncodeToString(key) + "\n"); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}
