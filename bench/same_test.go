package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestDifferenceFindsWhatIsNotTheSame(t *testing.T) {
	const one = `{"a": [{"at": "2026-11-21T10:00:00.5Z", "n": 1}, null], "b": "x"}`
	for other, want := range map[string]string{
		`{"b": "x", "a": [{"n": 1, "at": "2026-11-21T10:00:00.500000+00:00"}, null]}`: "",
		`{"b": "x", "a": [{"n": 1, "at": "2026-11-21T10:00:01Z"}, null]}`:             ".a[0].at",
		`{"b": "x", "a": [{"n": 2, "at": "2026-11-21T10:00:00.5Z"}, null]}`:           ".a[0].n",
		`{"b": "x", "a": [{"n": 1, "at": "2026-11-21T10:00:00.5Z"}]}`:                 ".a: ",
		`{"b": "x", "a": [{"n": 1, "at": "2026-11-21T10:00:00.5Z"}, {}]}`:             ".a[1]",
		`{"a": [{"at": "2026-11-21T10:00:00.5Z", "n": 1}, null]}`:                     ": fields",
	} {
		var a, b any
		require.NoError(t, json.Unmarshal([]byte(one), &a))
		require.NoError(t, json.Unmarshal([]byte(other), &b))
		at, differ := difference(a, b)
		require.Equal(t, want != "", differ, other)
		if differ {
			require.Contains(t, at, want)
		}
	}
}

func TestSpread(t *testing.T) {
	require.Equal(t, spread{1, 2, 9}, spreadOf([]float64{9, 1, 2}))
	require.Equal(t, spread{1, 2.5, 4}, spreadOf([]float64{4, 3, 2, 1}))
}
