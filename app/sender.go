package app

import (
	"context"

	"tiaojie/app/notify"
)

// sender is the carrier of text messages. The demonstration takes them all and
// shows them at /demo/outbox; a real installation without a carrier has none, and
// its messages go to the clerk's phone list.
func (a *App) sender() notify.Sender {
	if a.Config.Demo {
		return demoSender{}
	}
	return nil
}

type demoSender struct{}

func (demoSender) Send(context.Context, string, string, string) error { return nil }
