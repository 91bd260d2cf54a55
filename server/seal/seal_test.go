package seal_test

import (
	"bytes"
	"encoding/base64"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/seal"
)

func box(t *testing.T, fill byte) *seal.Box {
	b, err := seal.New(bytes.Repeat([]byte{fill}, seal.KeySize))
	require.NoError(t, err)
	return b
}

func TestWhatIsSealedOpensInItsPlaceAlone(t *testing.T) {
	a := box(t, 1)
	sealed := a.Seal("mail", "row 1", []byte("482913"))
	require.NotContains(t, string(sealed), "482913")
	require.NotEqual(t, sealed, a.Seal("mail", "row 1", []byte("482913")), "twice the same is not told apart from twice another")
	plain, err := a.Open("mail", "row 1", sealed)
	require.NoError(t, err)
	require.Equal(t, "482913", string(plain))
	touched := bytes.Clone(sealed)
	touched[len(touched)-1] ^= 1
	for name, try := range map[string]func() ([]byte, error){
		"another purpose": func() ([]byte, error) { return a.Open("secret", "row 1", sealed) },
		"another place":   func() ([]byte, error) { return a.Open("mail", "row 2", sealed) },
		"another key":     func() ([]byte, error) { return box(t, 2).Open("mail", "row 1", sealed) },
		"touched":         func() ([]byte, error) { return a.Open("mail", "row 1", touched) },
		"cut":             func() ([]byte, error) { return a.Open("mail", "row 1", sealed[:5]) },
		"nothing":         func() ([]byte, error) { return a.Open("mail", "row 1", nil) },
	} {
		_, err := try()
		require.ErrorIs(t, err, seal.ErrBroken, name)
	}
}

func TestMACsTellPurposesAndPartsApart(t *testing.T) {
	a := box(t, 1)
	one := a.MAC("otp", "ab", "c")
	require.Equal(t, one, a.MAC("otp", "ab", "c"))
	for _, other := range [][]byte{a.MAC("otp", "a", "bc"), a.MAC("ip", "ab", "c"), box(t, 2).MAC("otp", "ab", "c"), a.MAC("otp", "abc")} {
		require.NotEqual(t, one, other)
	}
}

func TestTheKeyIsMadeOnceAndKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "var")
	macs := make([][]byte, 8)
	var all sync.WaitGroup
	for i := range macs {
		all.Go(func() {
			if b, err := seal.Load("", dir); err == nil {
				macs[i] = b.MAC("x", "y")
			}
		})
	}
	all.Wait()
	for _, m := range macs {
		require.Equal(t, macs[0], m)
		require.NotEmpty(t, m)
	}
	info, err := os.Stat(filepath.Join(dir, seal.FileName))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, entries, 1)

	configured := base64.StdEncoding.EncodeToString(bytes.Repeat([]byte{1}, seal.KeySize))
	b, err := seal.Load(configured, "")
	require.NoError(t, err)
	require.Equal(t, box(t, 1).MAC("x", "y"), b.MAC("x", "y"))
	for _, bad := range []string{"short", "c2hvcnQ=", "%%%"} {
		_, err := seal.Load(bad, "")
		require.Error(t, err, bad)
	}
}
