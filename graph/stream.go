package graph

import (
	"context"

	"github.com/rapidbott/tideboard/ent/viewer"
	"github.com/rapidbott/tideboard/server/changelog"
)

// source is where the frames of one subscription come from.
type source[F any] interface {
	Next(context.Context) (F, error)
	// Viewer is who watches, with the rights of now.
	Viewer() *viewer.Viewer
	Close()
}

// frame is one step of a stream, whatever the stream.
type frame interface{ Memo() *changelog.Memo }

// turn is what a subscription resolver is asked to do: first to open its source, then to show one frame at a time.
// gqlgen's executor runs a subscription as one goroutine per socket; here it runs once per frame and distinct view.
type turn struct {
	wake   func()
	opened source[frame]
	show   frame
}

type turnKey struct{}

func withTurn(ctx context.Context, t *turn) context.Context {
	return context.WithValue(ctx, turnKey{}, t)
}

// stream takes a subscription's turn.
func stream[F frame](ctx context.Context, open func(wake func()) (source[F], error)) (<-chan F, error) {
	t := ctx.Value(turnKey{}).(*turn)
	out := make(chan F, 1) // 1: the frame to show
	defer close(out)
	if t.show != nil {
		out <- t.show.(F)
		return out, nil
	}
	s, err := open(t.wake)
	if err == nil {
		t.opened = erased[F]{s}
	}
	return out, err
}

// erased forgets which frames a source gives.
type erased[F frame] struct{ source[F] }

func (e erased[F]) Next(ctx context.Context) (frame, error) {
	f, err := e.source.Next(ctx)
	if err != nil || any(f) == nil {
		return nil, err
	}
	return f, nil
}
