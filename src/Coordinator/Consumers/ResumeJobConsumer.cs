using Upweave.Contracts.Messages;
using Upweave.Coordinator.Jobs;

namespace Upweave.Coordinator.Consumers;

/// <summary>Lets a job go on.</summary>
public sealed class ResumeJobConsumer(JobService jobs) : JobOrderConsumer<ResumeJob>(jobs, order => order.JobId);
