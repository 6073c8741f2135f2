using Upweave.Coordinator;
using Upweave.ServiceDefaults;

return await HostProgram.RunAsync(() => CoordinatorHost.Create(args));
