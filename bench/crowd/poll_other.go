//go:build !linux

package crowd

import (
	"sync"
	"time"
)

// poll reads every socket in a goroutine of its own, until stopped.
func poll(sockets []*socket, take func(*socket, []byte), lost func(*socket, error)) (stop func(), err error) {
	quit := make(chan struct{})
	var readers sync.WaitGroup
	for _, s := range sockets {
		readers.Go(func() {
			buf := make([]byte, 4<<10)
			for {
				n, err := s.net.Read(buf)
				select {
				case <-quit:
					return
				default:
				}
				if err != nil {
					lost(s, err)
					return
				}
				take(s, buf[:n])
			}
		})
	}
	return func() {
		close(quit)
		for _, s := range sockets {
			_ = s.net.SetReadDeadline(time.Unix(1, 0)) // wakes the reader
		}
		readers.Wait()
	}, nil
}
