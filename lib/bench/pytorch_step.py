"""PyTorch's side of the benchmark, eager: a training step, or a loss with its gradient alone.

The argument is a workload as JSON: {"network", "loss", "batch", "threads"}.
"""

import json
import sys

import torch
from torch import nn
import torch.nn.functional as F

from serve_steps import be_first_to_go, serve_steps


class Mnist(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 32, 3, padding=1)
        self.conv2 = nn.Conv2d(32, 64, 3, padding=1)
        self.dense = nn.Linear(64 * 7 * 7, 64)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = self.dense(x.flatten(1))
        return x / x.square().sum(1, keepdim=True).clamp(min=1e-10).sqrt()


class Fashion(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 16, 3, stride=2)
        self.conv2 = nn.Conv2d(16, 32, 3)
        self.conv3 = nn.Conv2d(32, 64, 3, stride=2)
        self.dense = nn.Linear(64, 64)
        self.head = nn.Linear(64, 10)

    def forward(self, x):
        for conv in (self.conv1, self.conv2, self.conv3):
            x = F.relu(conv(x))
        return self.dense(x.mean((2, 3)))


def distances(e):
    gram = e @ e.t()
    norms = gram.diagonal()
    squares = (norms[None, :] - 2 * gram + norms[:, None]).clamp(min=0)
    zero = (squares == 0).float()
    return (squares + zero * 1e-16).sqrt() * (1 - zero)


def batch_all(e, y, margin=0.5):
    d = distances(e)
    same = y[:, None] == y[None, :]
    positive = same & ~torch.eye(len(y), dtype=torch.bool)
    mask = (positive[:, :, None] & ~same[:, None, :]).float()
    t = ((d[:, :, None] - d[:, None, :] + margin) * mask).clamp(min=0)
    return t.sum() / ((t > 1e-16).float().sum() + 1e-16)


def batch_hard(e, y, margin=0.5):
    d = distances(e)
    same = y[:, None] == y[None, :]
    positive = (same & ~torch.eye(len(y), dtype=torch.bool)).float()
    hardest_positive = (d * positive).max(1).values
    hardest_negative = (d + d.max(1, keepdim=True).values * same.float()).min(1).values
    return (hardest_positive - hardest_negative + margin).clamp(min=0).mean()


LOSSES = {"batch_all": batch_all, "batch_hard": batch_hard}


def make_step(network, loss, batch):
    """Returns a function that takes one training step, or without a network finds one gradient."""
    torch.manual_seed(0)
    labels = torch.arange(batch) % 10
    if network == "none":
        return make_loss_step(LOSSES[loss], torch.randn(batch, 64, requires_grad=True), labels)
    net = {"mnist": Mnist, "fashion": Fashion}[network]()
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    images = torch.rand(batch, 1, 28, 28)

    def step():
        embeddings = net(images)
        if loss == "softmax":
            value = F.cross_entropy(net.head(embeddings), labels)
        else:
            value = LOSSES[loss](embeddings, labels)
        optimiser.zero_grad(set_to_none=True)
        value.backward()
        optimiser.step()

    return step


def make_loss_step(loss, embeddings, labels):
    def step():
        embeddings.grad = None
        loss(embeddings, labels).backward()

    return step


def serve(network, loss, batch, threads):
    be_first_to_go()
    torch.set_num_threads(threads)
    serve_steps(lambda: make_step(network, loss, batch))


if __name__ == "__main__":
    serve(**json.loads(sys.argv[1]))
